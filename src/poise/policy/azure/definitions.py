"""Role definitions, ready to be asked.

Source: Microsoft Learn, "Understand Azure role definitions": actions minus notActions in each entry, entries add up;
data actions are a world of their own. Some built-in roles carry a condition in an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.model.azure.authorization import RoleDefinition
from poise.policy.azure.conditions import NEVER_READ, Condition, parse_condition
from poise.policy.globs import MANY, matches

PARTS = ("actions", "notActions", "dataActions", "notDataActions")


class Patterns(msgspec.Struct, frozen=True):
    """Patterns of actions, in lower case."""

    exact: frozenset[str] = frozenset()
    wild: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: Iterable[str]) -> Patterns:
        """Sort patterns into names and wildcards."""
        lower = [text.strip().lower() for text in written]
        return cls(frozenset(t for t in lower if MANY not in t), tuple(t for t in lower if MANY in t))

    def hold(self, action: str) -> bool:
        """Say whether some pattern matches an action in lower case. `?` has no meaning in actions."""
        return action in self.exact or any(pattern == MANY or _matches(pattern, action) for pattern in self.wild)


def _matches(pattern: str, action: str) -> bool:
    return "?" not in pattern and matches(pattern, action)


class Entry(msgspec.Struct, frozen=True):
    """One entry of permissions: what it allows, minus what it excepts."""

    actions: Patterns
    not_actions: Patterns
    data_actions: Patterns
    not_data_actions: Patterns
    condition: Condition | None = None
    """None: it holds always."""

    def covers(self, action: str, *, is_data: bool) -> bool:
        """Say whether an action in lower case is in it, conditions left aside."""
        if is_data:
            return self.data_actions.hold(action) and not self.not_data_actions.hold(action)
        return self.actions.hold(action) and not self.not_actions.hold(action)

    def names(self, action: str, *, is_data: bool) -> bool:
        """Say whether it spells an action in lower case out."""
        if is_data:
            return action in self.data_actions.exact or action in self.not_data_actions.exact
        return action in self.actions.exact or action in self.not_actions.exact


class Role(msgspec.Struct, frozen=True):
    """A role."""

    guid: str
    """Its own id in lower case, the same in every subscription."""
    name: str
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Role:
        """Read a role definition as ARM returns it, with or without `properties` around its fields."""
        inner = document.get("properties")
        fields = inner if isinstance(inner, Mapping) else document
        guid = guid_of(str(document.get("name") or document.get("id") or ""))
        return cls(guid, str(fields.get("roleName") or guid), tuple(entries_of(fields.get("permissions"))))

    @classmethod
    def of_record(cls, record: RoleDefinition) -> Role:
        """Make it of the record of an asset."""
        entries = tuple(
            Entry(
                Patterns.of(one.actions),
                Patterns.of(one.not_actions),
                Patterns.of(one.data_actions),
                Patterns.of(one.not_data_actions),
                parse_condition(one.condition) if one.condition else None,
            )
            for one in record.permissions
        )
        return cls(record.guid.lower(), record.name or record.guid, entries)


def entries_of(permissions: Any) -> Iterator[Entry]:
    """Yield the entries of a `permissions` element."""
    for one in permissions if isinstance(permissions, (list, tuple)) else ():
        if not isinstance(one, Mapping):
            continue
        allowed, excepted, data, not_data = (Patterns.of(_texts(one.get(part))) for part in PARTS)
        written = one.get("condition")
        if written is not None and not isinstance(written, str):
            condition: Condition | None = NEVER_READ
        else:
            condition = parse_condition(written) if written else None
        yield Entry(allowed, excepted, data, not_data, condition)


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, (list, tuple)) else []


def guid_of(role: str) -> str:
    """Return the role's own id, which ends every id of it, in lower case."""
    return role.rstrip("/").rsplit("/", 1)[-1].lower()


def roles_of(documents: Iterable[Mapping[str, Any]]) -> dict[str, Role]:
    """Read role definitions, by their own id."""
    return {role.guid: role for role in map(Role.of, documents)}
