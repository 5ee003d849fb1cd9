"""Whether a subject may do something in a cluster.

Source: Kubernetes documentation, "Using RBAC Authorization" and "Authorization": rules add up, nothing takes away;
members of `system:masters` are asked nothing; a role binding gives rights in its own namespace alone, even of a role
of the cluster; paths are given by cluster bindings alone. A rule with names is not about requests that name nothing
(create, deletecollection, and list or watch without a field selector on the name).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.kubernetes.documents import SERVICE_ACCOUNT, Binding, Bindings, Role, Rule, flat
from poise.policy.outcome import answer_from
from poise.policy.residual import Form, Residual, Truth, any_of

MASTERS = "system:masters"
AUTHENTICATED = "system:authenticated"
UNAUTHENTICATED = "system:unauthenticated"
ANONYMOUS = "system:anonymous"
ALL = "*"


class Subject(msgspec.Struct, frozen=True):
    """Who asks: a user with groups."""

    user: str
    groups: frozenset[str] = frozenset()

    @classmethod
    def of(cls, user: str, groups: Iterable[str] = ()) -> Subject:
        """Add the groups that follow from the name; `system:anonymous` is nobody signed in."""
        found = set(groups)
        if user == ANONYMOUS:
            return cls(user, frozenset({UNAUTHENTICATED, *found}))
        if user.startswith(SERVICE_ACCOUNT):
            namespace = user.removeprefix(SERVICE_ACCOUNT).partition(":")[0]
            found |= {"system:serviceaccounts", f"system:serviceaccounts:{namespace}"}
        return cls(user, frozenset({AUTHENTICATED, *found}))

    @classmethod
    def of_service_account(cls, namespace: str, name: str) -> Subject:
        """Make it of a service account."""
        return cls.of(f"{SERVICE_ACCOUNT}{namespace}:{name}")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A question."""

    verb: str
    resource: str = ""
    """`pods`, or with a subresource `pods/exec`; empty for a path."""
    group: str = ""
    """API group; empty is the core group."""
    namespace: str = ""
    """Empty: objects of the cluster, or all namespaces."""
    name: str = ""
    """Empty: no object is named."""
    path: str = ""
    """`/metrics`, for requests that are about no resource."""


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What decides. An input that was not read is given as `Unread`, never left out."""

    roles: Mapping[tuple[str, str], Role] | Unread
    """(namespace, name) -> role; the namespace of a role of the cluster is empty. Aggregated rules are in place."""
    bindings: Bindings | Unread
    others: tuple[str, ...] = ()
    """Authorization modes besides RBAC that may allow too, such as `Webhook` or a cloud's IAM."""

    @classmethod
    def of(cls, documents: Iterable[Mapping[str, Any]], others: tuple[str, ...] = ()) -> Inputs:
        """Read roles and bindings from documents of any kind; the others are passed over."""
        ones = flat(documents)
        roles = [Role.of(one) for one in ones if one.get("kind") in ("Role", "ClusterRole")]
        bindings = [Binding.of(one) for one in ones if one.get("kind") in ("RoleBinding", "ClusterRoleBinding")]
        return cls(roles=aggregated(roles), bindings=Bindings.of(bindings), others=others)


def aggregated(roles: Iterable[Role]) -> dict[tuple[str, str], Role]:
    """Return roles by namespace and name, those that aggregate with the rules of whom they select.

    One whose selected roles are not there keeps the rules that it has. Rules travel through aggregating roles that
    select each other; every role joins once.
    """
    found = {(role.namespace, role.name): role for role in roles}
    of_cluster = [role for role in found.values() if not role.namespace]
    chosen = {role.name: [one for one in of_cluster if _selects(role, one)] for role in of_cluster if role.aggregates}
    for name, ones in chosen.items():
        if not ones:
            continue
        rules = tuple(dict.fromkeys(rule for one in _closure(name, chosen) for rule in one.rules))
        found["", name] = msgspec.structs.replace(found["", name], rules=rules)
    return found


def can(subject: Subject, request: Request, inputs: Inputs) -> Answer:
    """Answer whether a subject may do it."""
    if MASTERS in subject.groups:
        return Answer(Decision.ALLOW, (Reason(f"members of {MASTERS} may do everything", source=MASTERS),))
    votes = list(_votes(subject, request, inputs))
    truth = any_of(vote for vote, _ in votes)
    if truth is False:
        return Answer(Decision.DENY, (Reason(f"no binding gives {subject.user} a role that allows it"),))
    return answer_from(truth, votes, ())


def rules_of(subject: Subject, inputs: Inputs) -> Iterator[tuple[Binding, Role]]:
    """Yield the bindings of a subject whose roles are known, with the roles."""
    if isinstance(inputs.bindings, Unread) or isinstance(inputs.roles, Unread):
        return
    for binding in inputs.bindings.naming(subject.user, subject.groups):
        role = inputs.roles.get(_key(binding))
        if role is not None:
            yield binding, role


def _votes(subject: Subject, request: Request, inputs: Inputs) -> Iterator[tuple[Truth, Reason]]:
    for mode in inputs.others:
        yield (
            Residual(Form.UNREAD, f"authorizer {mode}", "what it allows is not read"),
            Reason(f"{mode} may allow it too"),
        )
    if isinstance(inputs.bindings, Unread):
        yield _gap(inputs.bindings)
        return
    for binding in inputs.bindings.naming(subject.user, subject.groups):
        if binding.namespace and binding.namespace != request.namespace:
            continue
        truth, index = _given(binding, request, inputs.roles)
        if truth is not False:
            where = f"in {binding.namespace}" if binding.namespace else "in the cluster"
            yield truth, Reason(f"{binding.role} by binding {binding.name} {where}", index, source=binding.name)


def _given(
    binding: Binding, request: Request, roles: Mapping[tuple[str, str], Role] | Unread
) -> tuple[Truth, int | None]:
    """Return whether the role of a binding allows it, and by which rule. A role that is not there gives nothing."""
    if isinstance(roles, Unread):
        return Residual(Form.UNREAD, f"{roles.input} ({binding.role})", roles.reason), None
    role = roles.get(_key(binding))
    if role is None or (request.path and binding.namespace):
        return False, None
    index = next((at for at, rule in enumerate(role.rules) if allows(rule, request)), None)
    return index is not None, index


def allows(rule: Rule, request: Request) -> bool:
    """Say whether one rule allows a request."""
    if not rule.verbs & {ALL, request.verb}:
        return False
    if request.path:
        return any(_is_on(pattern, request.path) for pattern in rule.paths)
    if not rule.groups & {ALL, request.group} or not _is_about(rule.resources, request.resource):
        return False
    return not rule.names or (bool(request.name) and request.name in rule.names)


def _is_about(resources: frozenset[str], resource: str) -> bool:
    if ALL in resources or resource in resources:
        return True
    main, slash, sub = resource.partition("/")
    return bool(slash) and bool(main) and f"*/{sub}" in resources


def _is_on(pattern: str, path: str) -> bool:
    """Say whether a path is meant; a star stands for the rest, and only at the end."""
    return pattern in (ALL, path) or (pattern.endswith(ALL) and path.startswith(pattern.rstrip(ALL)))


def _key(binding: Binding) -> tuple[str, str]:
    return ("" if binding.role_is_of_cluster else binding.namespace), binding.role


def _selects(role: Role, other: Role) -> bool:
    return other.name != role.name and any(selector.selects(other.labels) for selector in role.aggregates)


def _closure(name: str, chosen: Mapping[str, list[Role]]) -> list[Role]:
    found: dict[str, Role] = {}
    todo = list(chosen[name])
    while todo:
        one = todo.pop(0)
        if one.name in found or one.name == name:
            continue
        found[one.name] = one
        todo.extend(chosen.get(one.name, ()))
    return [one for one in found.values() if one.name not in chosen]


def _gap(gap: Unread) -> tuple[Truth, Reason]:
    return Residual(Form.UNREAD, gap.input, gap.reason), Reason(f"{gap.input} not read: {gap.reason}", source=gap.input)
