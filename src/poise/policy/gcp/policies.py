"""Allow policies, deny policies and principal access boundaries, read from what the APIs return.

Source: IAM REST reference: Policy v1 (`bindings`), Policy v2 (`rules[].denyRule`), PrincipalAccessBoundaryPolicy and
PolicyBinding v3. Cloud Asset Inventory gives the same policies, in snake case too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.policy.answer import Unread
from poise.policy.gcp.cel.parser import parse
from poise.policy.gcp.cel.tree import Expression
from poise.policy.gcp.principals import Members
from poise.policy.globs import matches

RENAMED = {"resourcemanager": "cloudresourcemanager"}
"""Services whose permissions have another name in deny policies."""
NO_TEXT = Expression("", None, "it is not a text")


class Binding(msgspec.Struct, frozen=True):
    """A role given to members."""

    index: int
    role: str
    members: Members
    condition: Expression | None
    """None: it always holds."""
    title: str = ""
    """Title of the condition."""


class DenyRule(msgspec.Struct, frozen=True):
    """Permissions taken from principals."""

    policy: str
    index: int
    denied: Members
    excepted: Members
    permissions: tuple[str, ...]
    excepted_permissions: tuple[str, ...]
    condition: Expression | None

    def covers(self, permission: str) -> bool:
        """Say whether it is about a permission, in the form of deny policies."""
        if any(matches(pattern, permission) for pattern in self.excepted_permissions):
            return False
        return any(matches(pattern, permission) for pattern in self.permissions)


class Boundary(msgspec.Struct, frozen=True):
    """A principal access boundary that is bound to principals."""

    name: str
    resources: frozenset[str]
    """Full names of what the principals are eligible for, with everything below."""
    version: str
    """Enforcement version: it decides which permissions are blocked; `latest` is allowed."""
    targets: tuple[tuple[Members, Expression | None], ...]
    """Sets of principals, each with the condition of its binding."""

    @classmethod
    def of(cls, policy: Mapping[str, Any], bindings: Iterable[Mapping[str, Any]]) -> Boundary:
        """Read a boundary with its bindings."""
        details = _map(policy.get("details"))
        found = {str(name).lower() for rule in _maps(details.get("rules")) for name in _texts(rule.get("resources"))}
        targets = [
            (Members.of((str(_map(one.get("target")).get("principalSet") or ""),)), _condition(one.get("condition")))
            for one in bindings
        ]
        version = str(details.get("enforcementVersion") or "1")
        return cls(str(policy.get("name") or ""), frozenset(found), version, tuple(targets))


class Bindings(msgspec.Struct, frozen=True):
    """The bindings of an allow policy, found by whom they name."""

    every: tuple[Binding, ...]
    by_member: Mapping[str, tuple[int, ...]]
    """Single principal or group -> positions of the bindings that name it."""
    wide: tuple[int, ...]
    """Positions of the bindings with a member that stands for many."""

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> Bindings:
        """Read an allow policy."""
        every = bindings_of(policy)
        found: dict[str, list[int]] = {}
        for at, one in enumerate(every):
            for member in one.members.plain:
                found.setdefault(member, []).append(at)
        wide = tuple(at for at, one in enumerate(every) if one.members.special)
        return cls(every, {member: tuple(places) for member, places in found.items()}, wide)

    def naming(self, names: Iterable[str]) -> Iterator[Binding]:
        """Yield the bindings that can be about any of these principals and groups, in their order."""
        places = {place for name in names for place in self.by_member.get(name, ())}
        return (self.every[place] for place in sorted(places.union(self.wide)))


NO_BINDINGS = Bindings((), {}, ())


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the hierarchy with what is attached to it: the asset, its project, folders, organization."""

    name: str
    """Full resource name: `//cloudresourcemanager.googleapis.com/projects/p`."""
    bindings: Bindings | Unread = NO_BINDINGS
    """Allow policy."""
    denies: tuple[DenyRule, ...] | Unread = ()

    @classmethod
    def of(
        cls, name: str, policy: Mapping[str, Any] | Unread | None, denies: Iterable[Mapping[str, Any]] | Unread = ()
    ) -> Node:
        """Read a node; None as policy: it has none."""
        rules = denies if isinstance(denies, Unread) else tuple(rule for one in denies for rule in deny_rules_of(one))
        found = policy if isinstance(policy, Unread) else Bindings.of(policy or {})
        return cls(name=name, bindings=found, denies=rules)


def bindings_of(policy: Mapping[str, Any]) -> tuple[Binding, ...]:
    """Read the bindings of an allow policy."""
    return tuple(
        Binding(
            at,
            str(one.get("role") or ""),
            Members.of(_texts(one.get("members"))),
            _condition(one.get("condition")),
            str(_map(one.get("condition")).get("title") or ""),
        )
        for at, one in enumerate(_maps(policy.get("bindings")))
    )


def deny_rules_of(policy: Mapping[str, Any]) -> tuple[DenyRule, ...]:
    """Read the rules of a deny policy."""
    rules = [_map(rule.get("denyRule") or rule.get("deny_rule")) for rule in _maps(policy.get("rules"))]
    return tuple(
        DenyRule(
            str(policy.get("name") or policy.get("displayName") or ""),
            at,
            Members.of(_either(rule, "deniedPrincipals")),
            Members.of(_either(rule, "exceptionPrincipals")),
            tuple(_either(rule, "deniedPermissions")),
            tuple(_either(rule, "exceptionPermissions")),
            _condition(rule.get("denialCondition") or rule.get("denial_condition")),
        )
        for at, rule in enumerate(rules)
    )


def in_deny_form(permission: str) -> str:
    """Return a permission as deny policies write it: `iam.googleapis.com/roles.list`."""
    if "/" in permission:
        return permission
    service, _, rest = permission.partition(".")
    return f"{RENAMED.get(service, service)}.googleapis.com/{rest}"


def roles_of(documents: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Read role definitions: name -> permissions. A role that is deleted or disabled gives none."""
    return {
        str(one.get("name") or ""): frozenset()
        if one.get("deleted") or one.get("stage") == "DISABLED"
        else frozenset(_texts(one.get("includedPermissions") or one.get("included_permissions")))
        for one in documents
    }


def _condition(written: Any) -> Expression | None:
    if not written:
        return None
    text = written.get("expression") if isinstance(written, Mapping) else written
    if text is None or text == "":
        return None
    return parse(text) if isinstance(text, str) else NO_TEXT


def _either(rule: Mapping[str, Any], name: str) -> list[str]:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return _texts(rule.get(name) or rule.get(snake))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []
