"""Whether a principal may do something in Google Cloud: boundaries, deny policies, allow policies of the hierarchy.

Source: IAM documentation, "Policy types" and "Policy evaluation": principal access boundaries and deny policies block,
wherever in the hierarchy they are attached; then allow policies of the asset and of everything above it add up. A
condition that fails does not apply in an allow policy; what it does in a deny policy is not sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.gcp.cel.evaluation import Facts, Tags, judge
from poise.policy.gcp.cel.tree import Expression
from poise.policy.gcp.cel.values import Moment
from poise.policy.gcp.policies import Binding, Boundary, DenyRule, Node, in_deny_form
from poise.policy.gcp.principals import CONVENIENCE, Asker, Members, Principal
from poise.policy.globs import matches
from poise.policy.memberships import Memberships
from poise.policy.outcome import answer_from
from poise.policy.residual import Form, Residual, Truth, all_of, any_of, negate

ROOTS = frozenset({"resource", "request", "destination", "api", "origin", "source", "principal"})
"""First names of the attributes that conditions can name."""
Vote = tuple[Truth, Reason]
FAILING = Residual(Form.UNREAD, "denial whose condition fails", "the vendor's pages differ on whether it applies")


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What decides. An input that was not read is given as `Unread`, never left out."""

    nodes: tuple[Node, ...]
    """The asset and everything above it, the organization last."""
    above: Unread | None = None
    """Why nodes above the last one are not there; None: there are none."""
    roles: Mapping[str, frozenset[str]] | Unread
    """Role -> its permissions, by :func:`roles_of`."""
    groups: Memberships = {}
    """Member -> its direct groups, in the form of `principals.canonical`: `user:a@example.com` -> `group:g@...`."""
    boundaries: tuple[Boundary, ...] | Unread = ()
    """Principal access boundaries that are bound to anybody."""
    enforced: Mapping[str, tuple[str, ...]] = {}
    """Enforcement version of boundaries -> patterns of the permissions that it blocks."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A question: who uses which permission on the first node of the inputs."""

    principal: Principal
    permission: str
    """`storage.objects.get`."""
    attributes: Mapping[str, Any] = {}
    """`resource.name` and the like, as conditions name them; times as `datetime`."""
    api: Mapping[str, Any] = {}
    """Attributes of `api.getAttribute`."""
    tags: Tags | None = None
    """Tags of the asset, inherited ones included; None: not known."""
    is_complete: bool = False
    """Whether every attribute that is not given is missing."""


def can(
    principal: Principal | str, permission: str, inputs: Inputs, attributes: Mapping[str, Any] | None = None
) -> Answer:
    """Answer whether a principal has a permission on the first node of the inputs."""
    who = Principal(member=principal) if isinstance(principal, str) else principal
    return evaluate(Request(principal=who, permission=permission, attributes=attributes or {}), inputs)


def evaluate(request: Request, inputs: Inputs) -> Answer:
    """Answer whether the principal has the permission."""
    case = _Case(request, inputs)
    blocks = [*case.bounds(), *case.denies()]
    allows = list(case.allows())
    granted = any_of(vote for vote, _ in allows)
    blocked = any_of(vote for vote, _ in blocks)
    if granted is False and blocked is not True:
        return Answer(
            Decision.DENY, (Reason(f"no allow policy gives {request.permission} to {request.principal.member}"),)
        )
    return answer_from(all_of((granted, negate(blocked))), allows, blocks)


class _Case:
    """One question, with what of the inputs is about it."""

    def __init__(self, request: Request, inputs: Inputs) -> None:
        self.request = request
        self.inputs = inputs
        self.asker = Asker(request.principal, inputs.groups)
        self.asker.holds_basic = self._holds_basic
        known = {**self.asker.attributes(), **{name: _ready(value) for name, value in request.attributes.items()}}
        self.facts = Facts(known, ROOTS, request.api, request.tags, request.is_complete)

    def allows(self) -> Iterator[Vote]:
        """Yield the bindings that give the permission."""
        if self.inputs.above is not None:
            yield _gap(self.inputs.above, "allow")
        for node in self.inputs.nodes:
            if isinstance(node.bindings, Unread):
                yield _gap(node.bindings, "allow")
                continue
            circle = self.asker.circle
            for one in node.bindings.every if circle.gaps else node.bindings.naming(circle.known):
                if (has := self._gives(one.role)) is False:
                    continue
                if (vote := all_of((has, self._binds(one)))) is not False:
                    yield vote, Reason(f"{one.role} on {node.name}", one.index, one.title, node.name)

    def denies(self) -> Iterator[Vote]:
        """Yield the deny rules against it."""
        if self.inputs.above is not None:
            yield _gap(self.inputs.above, "deny")
        permission = in_deny_form(self.request.permission)
        for node in self.inputs.nodes:
            if isinstance(node.denies, Unread):
                yield _gap(node.denies, "deny")
                continue
            for rule in node.denies:
                if rule.covers(permission) and (vote := self._denied(rule)) is not False:
                    yield vote, Reason(f"deny policy on {node.name}", rule.index, source=rule.policy)

    def bounds(self) -> Iterator[Vote]:
        """Yield the boundaries that keep the principal from the asset."""
        boundaries = self.inputs.boundaries
        if isinstance(boundaries, Unread):
            yield _gap(boundaries, "boundary")
            return
        names = {node.name.lower() for node in self.inputs.nodes}
        bound = [(one, self._is_bound(one)) for one in boundaries]
        bound = [(one, truth) for one, truth in bound if truth is not False]
        eligible = any_of(truth for one, truth in bound if self._is_eligible(one, names))
        for one, truth in bound:
            if (vote := all_of((truth, negate(eligible), self._blocks(one)))) is not False:
                yield vote, Reason(f"principal access boundary {one.name}", source=one.name)

    def _gives(self, role: str) -> Truth:
        roles = self.inputs.roles
        if isinstance(roles, Unread):
            return Residual(Form.UNREAD, f"{roles.input} ({role})", roles.reason)
        permissions = roles.get(role)
        if permissions is None:
            return Residual(Form.UNREAD, f"role definition {role}", "it is not among those that were read")
        return self.request.permission in permissions

    def _binds(self, one: Binding) -> Truth:
        named = self.asker.is_in(one.members)
        if named is False or one.condition is None:
            return named
        return all_of((named, _holds(one.condition, self.facts)))

    def _denied(self, rule: DenyRule) -> Truth:
        meant = self.asker.is_in(rule.denied)
        if meant is False:
            return False
        spared = self.asker.is_in(rule.excepted)
        applies = True if rule.condition is None else _denies(rule.condition, self.facts)
        return all_of((meant, negate(spared), applies))

    def _is_bound(self, one: Boundary) -> Truth:
        return any_of(
            all_of((self.asker.is_in(members), True if about is None else _holds(about, self.facts)))
            for members, about in one.targets
        )

    def _is_eligible(self, one: Boundary, names: set[str]) -> bool:
        return bool(one.resources & names)

    def _blocks(self, one: Boundary) -> Truth:
        patterns = self.inputs.enforced.get(one.version)
        if patterns is None:
            name = f"permissions that enforcement version {one.version} blocks ({self.request.permission})"
            return Residual(Form.UNREAD, name, "the list was not given")
        return any(matches(pattern, self.request.permission) for pattern in patterns)

    def _holds_basic(self, project: str, role: str) -> Truth:
        """Say whether the principal holds a basic role on a project, which buckets call `projectOwner:` and so on."""
        start = next(
            (i for i, n in enumerate(self.inputs.nodes) if n.name.lower().endswith(f"/projects/{project}")), None
        )
        if start is None:
            return Residual(Form.UNREAD, f"allow policy of project {project}", "it is not above the asset")
        nodes = self.inputs.nodes[start:]
        gaps = [node.bindings for node in nodes if isinstance(node.bindings, Unread)]
        held = [
            self.asker.is_in(_without_convenience(one.members))
            for node in nodes
            if not isinstance(node.bindings, Unread)
            for one in node.bindings.every
            if one.role == role
        ]
        return any_of((*held, *(Residual(Form.UNREAD, gap.input, gap.reason, "allow") for gap in gaps)))


def _without_convenience(members: Members) -> Members:
    """Leave out members that stand for holders of basic roles, so that nothing asks for itself."""
    kept = tuple(one for one in members.special if one.partition(":")[0] not in CONVENIENCE)
    return Members(members.plain, kept)


def _holds(about: Expression, facts: Facts) -> Truth:
    return _strange(about) if about.node is None else judge(about.node, facts).true


def _denies(about: Expression, facts: Facts) -> Truth:
    """Return whether the condition of a deny rule applies; whether one that fails does is not sure."""
    if about.node is None:
        return _strange(about)
    found = judge(about.node, facts)
    if found.true is not True and found.false is False:
        return any_of((found.true, FAILING))
    if found.true is False and found.false is not True:
        return all_of((negate(found.false), FAILING))
    return negate(found.false)


def _strange(about: Expression) -> Residual:
    return Residual(Form.UNREAD, f"condition {about.written[:80]!r}", f"it cannot be understood: {about.problem}")


def _gap(gap: Unread, vote: str) -> Vote:
    leaf = Residual(Form.UNREAD, gap.input, gap.reason, vote)
    return leaf, Reason(f"{gap.input} not read: {gap.reason}", source=gap.input)


def _ready(value: Any) -> Any:
    return Moment.at(value) if isinstance(value, datetime) else value
