"""Whether a principal may do something in Azure: deny assignments, roles, conditions, activations, locks.

Source: Microsoft Learn, "How Azure RBAC determines if a user has access to a resource": a deny assignment that
applies is final; then roles of the principal and of its groups, given here or above, add up; the condition of an
assignment narrows it. Locks stop changes of the management plane whatever the roles ("Lock your Azure resources"). A
right is used with a token: what the directory asks of a sign-in stands before all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.azure.assignments import EVERYBODY, Assignment, ClassicAdministrator, DenyAssignment, Index, Lock
from poise.policy.azure.attributes import Facts, Value, holds, names_in
from poise.policy.azure.definitions import Entry, Role
from poise.policy.azure.locks import lock_votes
from poise.policy.azure.scopes import Parents, Place
from poise.policy.azure.sign_in import SignIn, application_of
from poise.policy.memberships import Circle, Memberships
from poise.policy.outcome import answer_from
from poise.policy.residual import Form, Residual, Truth, all_of, any_of, condition, negate

APPROVAL = {True: " with the approval of another", False: "", None: " (whether another must agree was not read)"}
"""What is said of an activation by whether somebody must approve it; None where the policy of the role was not read.

Attack paths weigh a condition by its words, `approval` as hard to meet: what was not read makes it no harder."""

Vote = tuple[Truth, Reason]


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What decides. An input that was not read is given as `Unread`, never left out. Ids are in lower case."""

    assignments: Index | Unread
    """Active and eligible role assignments, by :func:`by_principal`."""
    eligibility: Unread | None = None
    """Why eligible assignments are not among them; None if they are."""
    roles: Mapping[str, Role] | Unread
    """Role definitions by their own id, by :func:`roles_of`."""
    groups: Memberships = {}
    """Direct groups of each principal and group."""
    eligible_groups: Memberships = {}
    """Groups that a principal may activate its membership in."""
    denies: tuple[DenyAssignment, ...] | Unread = ()
    parents: Parents = {}
    """Where subscriptions and management groups hang, by :func:`lowered`."""
    classic: tuple[ClassicAdministrator, ...] | Unread = ()
    locks: tuple[Lock, ...] | Unread = ()
    sign_in: SignIn | None = None
    """What the directory asks of sign-ins; None where it was not read: it is then not told who a principal is."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A question: who does what where."""

    principal: str
    """Object id."""
    action: str
    scope: str
    is_data: bool
    """Whether the action is one of the data plane."""
    attributes: Mapping[str, Value] = {}
    """Attributes as conditions write them. Names that follow from the scope need not be said."""
    sub_operation: str | None = None
    """Part of the action, such as `Blob.List`; empty: none; None: not known."""
    is_complete: bool = False
    """Whether every attribute that is not given is missing."""
    at: datetime | None = None
    """When; None: not said."""


def can(principal: str, action: str, scope: str, inputs: Inputs) -> Answer:
    """Answer whether a principal may do an action; the roles tell which plane the action is of.

    An action that no role spells out is judged on both planes; if they differ, the answer is `unknown`.
    """
    planes = _planes(action, inputs.roles)
    answers = [evaluate(_plain(principal, action, scope, is_data), inputs) for is_data in planes]
    if all(answer.decision is answers[0].decision for answer in answers):
        return next((a for a in answers if a.decision is not Decision.DENY), answers[0])
    gap = Unread("plane of the action", f"no role tells whether {action} is of the management or the data plane")
    because = tuple(reason for answer in answers for reason in answer.because)
    return Answer(Decision.UNKNOWN, because, None, (gap,))


def evaluate(request: Request, inputs: Inputs) -> Answer:
    """Answer whether the principal may do it."""
    case = _Case(request, inputs)
    denies = list(case.denies())
    locks = list(lock_votes(case.facts.action, case.place, inputs.locks)) if not request.is_data else []
    allows = list(case.allows())
    granted = any_of(vote for vote, _ in allows)
    blocked = any_of(vote for vote, _ in (*denies, *locks))
    if granted is False and blocked is not True:
        return Answer(Decision.DENY, (Reason(f"no role of the principal allows {request.action} here"),))
    kept_back = () if granted is False else case.kept_back()
    blocked = any_of((blocked, *(vote for vote, _ in kept_back)))
    return answer_from(all_of((granted, negate(blocked))), allows, (*denies, *locks, *kept_back))


class _Case:
    """One question, with what of the inputs is about it."""

    def __init__(self, request: Request, inputs: Inputs) -> None:
        self.request = request
        self.inputs = inputs
        self.circle = Circle(request.principal.lower(), inputs.groups, inputs.eligible_groups)
        self.place = Place.of(request.scope, inputs.parents)
        attributes = {**names_in(request.scope), **request.attributes}
        self.facts = Facts.of(request.action, attributes, request.sub_operation, is_complete=request.is_complete)

    def allows(self) -> Iterator[Vote]:
        """Yield the assignments that allow it."""
        assignments = self.inputs.assignments
        if isinstance(assignments, Unread):
            yield _gap(assignments, "allow")
        else:
            for one in self._about(assignments):
                if (vote := self._assigned(one)) is not False:
                    yield vote, Reason(f"{self._role_name(one)} on {one.scope}", sid=one.role, source=one.id)
        if self.inputs.eligibility is not None:
            yield _gap(self.inputs.eligibility, "allow")
        yield from self._classic()

    def denies(self) -> Iterator[Vote]:
        """Yield the deny assignments against it."""
        if isinstance(self.inputs.denies, Unread):
            yield _gap(self.inputs.denies, "deny")
            return
        for one in self.inputs.denies:
            if (vote := self._denied(one)) is not False:
                yield vote, Reason(f"deny assignment {one.name} on {one.scope}", source=one.id)

    def kept_back(self) -> tuple[Vote, ...]:
        """Return what keeps the principal from a token for the action."""
        return blocks(self.request, self.inputs, self.circle)

    def _about(self, assignments: Index) -> Iterator[Assignment]:
        """Yield the assignments of the principal and of every group that it can be in."""
        known = self.circle.known
        for name in known:
            yield from assignments.get(name, ())
        if self.circle.gaps:
            unsure = (ones for name, ones in assignments.items() if name not in known)
            yield from (one for ones in unsure for one in ones if one.may_be_group)

    def _assigned(self, one: Assignment) -> Truth:
        place = self.place.is_below(one.scope)
        if place is False:
            return False
        role = self._permitted(one)
        if role is False:
            return False
        narrowed = True if one.condition is None else holds(one.condition, self.facts)
        return all_of((place, role, self.circle.holds(one.principal), narrowed, *self._timing(one)))

    def _permitted(self, one: Assignment) -> Truth:
        roles = self.inputs.roles
        if isinstance(roles, Unread):
            return Residual(Form.UNREAD, f"{roles.input} ({one.role})", roles.reason)
        role = roles.get(one.role)
        if role is None:
            return Residual(Form.UNREAD, f"role definition {one.role}", "it is not among those that were read")
        return self._entries(role.entries)

    def _entries(self, entries: tuple[Entry, ...]) -> Truth:
        action, is_data = self.facts.action, self.request.is_data
        return any_of(
            True if entry.condition is None else holds(entry.condition, self.facts)
            for entry in entries
            if entry.covers(action, is_data=is_data)
        )

    def _timing(self, one: Assignment) -> Iterator[Truth]:
        if one.is_eligible:
            text = f"{self._role_name(one)} on {one.scope} is activated{APPROVAL[one.needs_approval]}"
            yield condition(text, ("activation", one.id))
        for moment, is_end in ((one.starts, False), (one.ends, True)):
            if moment is None:
                continue
            text = f"{'before' if is_end else 'from'} {moment.isoformat()}"
            at = self.request.at
            inside = at is not None and (at < moment if is_end else at >= moment)
            yield condition(text, (text,)) if at is None else inside

    def _denied(self, one: DenyAssignment) -> Truth:
        if not one.is_enforced:
            return False
        place: Truth = one.scope == self.place.scope if one.stops_at_scope else self.place.is_below(one.scope)
        if place is False:
            return False
        actions = self._entries(one.entries)
        if actions is False:
            return False
        everybody = EVERYBODY in one.principals
        meant = True if everybody else self._is_one_of(one.principals, one.no_groups)
        spared = self._is_one_of(one.excluded, one.no_groups)
        narrowed = True if one.condition is None else holds(one.condition, self.facts)
        return all_of((place, actions, meant, negate(spared), narrowed))

    def _is_one_of(self, principals: frozenset[str], no_groups: frozenset[str]) -> Truth:
        me = self.request.principal.lower()
        return any_of(self.circle.holds(name) for name in sorted(principals) if name == me or name not in no_groups)

    def _classic(self) -> Iterator[Vote]:
        """Yield what classic administrators may: an owner's rights, as long as Azure honours them."""
        if self.request.is_data:
            return
        if isinstance(self.inputs.classic, Unread):
            yield _gap(self.inputs.classic, "allow")
            return
        for one in self.inputs.classic:
            if one.principal == self.request.principal.lower() and self.place.is_below(one.scope) is True:
                honoured = condition("classic administrators are still honoured", ("classic", one.scope))
                yield honoured, Reason(f"{one.role} of {one.scope}", source=one.scope)

    def _role_name(self, one: Assignment) -> str:
        roles = self.inputs.roles
        role = None if isinstance(roles, Unread) else roles.get(one.role)
        return f"role {one.role if role is None else role.name}"


def blocks(request: Request, inputs: Inputs, circle: Circle) -> tuple[Vote, ...]:
    """Return what the directory asks of the sign-in before a request, each with when it keeps the token back."""
    if inputs.sign_in is None:
        return ()
    application = application_of(request.action.lower(), is_data=request.is_data)
    return inputs.sign_in.blocks(request.principal.lower(), circle, application)


def _gap(gap: Unread, vote: str) -> Vote:
    leaf = Residual(Form.UNREAD, gap.input, gap.reason, vote)
    return leaf, Reason(f"{gap.input} not read: {gap.reason}", source=gap.input)


def _plain(principal: str, action: str, scope: str, is_data: bool) -> Request:
    return Request(principal=principal, action=action, scope=scope, is_data=is_data)


def _planes(action: str, roles: Mapping[str, Role] | Unread) -> tuple[bool, ...]:
    """Return the planes that an action can be of: the one in which a role spells it out, or both."""
    known = {} if isinstance(roles, Unread) else roles
    name = action.lower()
    entries = [entry for role in known.values() for entry in role.entries]
    found = tuple(plane for plane in (False, True) if any(e.names(name, is_data=plane) for e in entries))
    return found or (False, True)
