"""Who outside of an account a resource policy lets in, and to do what.

For the policies of queues, topics, keys, functions, secrets, registries, buckets and their like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.conditions import Condition
from poise.policy.aws.denials import BUDGET, Denials, TooLarge, possible
from poise.policy.aws.document import Policy, Statement, parse
from poise.policy.aws.keys import OWN_ACCOUNT, SOURCE_KEYS, Owner, account_in, owner_of
from poise.policy.aws.positions import ANYONE, STRANGERS, Position
from poise.policy.aws.principals import Principal, Who
from poise.policy.aws.resource_control import NOBODY, Control
from poise.policy.memo import remembered

OF_SERVICE = Position(facts=(("aws:principalisawsservice", ("true",)), ("aws:principalorgid", None)))
"""A service of AWS that acts for a stranger: it is in no organization."""
EVERYONE = Principal(Who.ANYONE, "*")
_AUDIENCE = {
    Who.ACCOUNT: Audience.ACCOUNT,
    Who.PRINCIPAL: Audience.ACCOUNT,
    Who.FEDERATED: Audience.FEDERATED,
    Who.CANONICAL: Audience.CANONICAL,
    Who.SERVICE: Audience.SERVICE,
}


class Reader(msgspec.Struct):
    """Judges the statements of one document for one owner."""

    policy: Policy
    account: str
    trusted: frozenset[str]
    service: str
    """The one service that the document is about; empty if not known."""
    denies: tuple[Statement, ...]
    """Its deny statements, and those of resource control policies."""
    control: Control = NOBODY
    denials: dict[tuple[Principal, Position | None], Denials] = {}
    """Denies that a caller cannot avoid, and those without any condition."""
    spent: int = 0
    """Statements looked at for the callers so far."""

    @classmethod
    def of(
        cls, policy: Policy, account: str, trusted: frozenset[str] = frozenset(), control: Control = NOBODY
    ) -> Reader:
        """Make the judge of a document."""
        denies = tuple(statement for statement in policy.statements if not statement.is_allow)
        return cls(policy, account, trusted, policy.service, denies + control.denies, control)

    def grants(self) -> Iterator[Grant]:
        """Yield every grant to somebody outside, in the order of the statements."""
        for statement in self.policy.statements:
            if statement.is_allow:
                yield from self._of(statement)

    def _of(self, allow: Statement) -> Iterator[Grant]:
        if allow.problem:
            text = f"{allow.place} cannot be understood: {allow.problem}"
            yield Grant(Audience.UNCLEAR, "", allow.action_texts, reason(allow, text))
            return
        if allow.principals is None and allow.not_principals is None:
            text = f"{allow.place} names no principal, which no resource policy may leave out"
            yield Grant(Audience.UNCLEAR, "", allow.action_texts, reason(allow, text))
            return
        for caller in self._callers(allow):
            if self._is_outside(caller):
                yield from self._to(allow, caller)

    def _callers(self, allow: Statement) -> tuple[Principal, ...]:
        if allow.not_principals is not None:
            return () if allow.not_principals.includes_anyone else (EVERYONE,)
        return allow.principals.members if allow.principals else ()

    def _is_outside(self, caller: Principal) -> bool:
        if not caller.account:
            return caller.who is not Who.DELETED
        return caller.account not in (self.trusted | {self.account})

    def _to(self, allow: Statement, caller: Principal) -> Iterator[Grant]:
        if caller.who is Who.SERVICE:
            yield from self._to_service(allow, caller)
            return
        if caller.who is Who.ANYONE:
            yield from self._to_anyone(allow)
            return
        position = self.control.position(caller.account) if caller.account else Position()
        actions = self._left(allow, caller, position)
        if actions and position.can_meet(allow.conditions):
            who = caller.account or caller.text
            because = reason(allow, f"{allow.place} allows {listed(actions)} to {caller.text}")
            yield Grant(_AUDIENCE[caller.who], who, actions, because, keys_of(allow.conditions))

    def _to_anyone(self, allow: Statement) -> Iterator[Grant]:
        open_to = [position for position in STRANGERS if position.can_meet(allow.conditions)]
        lefts = (action for position in open_to for action in self._left(allow, EVERYONE, position))
        actions = tuple(dict.fromkeys(lefts))
        spared = self._left(allow, EVERYONE, None)
        if actions:
            text = f"{allow.place} allows {listed(actions)} to anyone{_although(allow.conditions)}"
            yield Grant(Audience.ANYONE, "*", actions, reason(allow, text), keys_of(allow.conditions))
        elif spared and not open_to:
            yield from self._to_narrowed(allow, spared)
        elif spared:
            text = f"{allow.place} allows {listed(spared)} to whom no conditional deny stops"
            yield Grant(Audience.NETWORK, "whom no deny stops", spared, reason(allow, text))

    def _to_narrowed(self, allow: Statement, actions: tuple[str, ...]) -> Iterator[Grant]:
        signed = STRANGERS[0]
        narrowing = [c for c in allow.conditions if True not in signed.outcomes(c)] or list(allow.conditions)
        accounts = _accounts(narrowing, self.account)
        if any(self._is_ours(condition) for condition in narrowing):
            return
        text = f"{allow.place} allows {listed(actions)} where {'; '.join(map(str, narrowing[:3]))}"
        because = reason(allow, text)
        for account in sorted(accounts - self.trusted - {self.account}):
            yield Grant(Audience.ACCOUNT, account, actions, because, keys_of(allow.conditions))
        if not accounts:
            who = "; ".join(", ".join(c.values[:5]) for c in narrowing[:3])
            yield Grant(Audience.NETWORK, who, actions, because, keys_of(allow.conditions))

    def _to_service(self, allow: Statement, caller: Principal) -> Iterator[Grant]:
        if not self._left(allow, caller, OF_SERVICE):
            return
        confining = [c for c in allow.conditions if c.key in SOURCE_KEYS and True not in ANYONE.outcomes(c)]
        accounts = _accounts(confining, self.account)
        if accounts and accounts <= self.trusted | {self.account}:
            return
        text = f"{allow.place} allows {listed(allow.action_texts)} to the service {caller.text}"
        yield Grant(Audience.SERVICE, caller.text, allow.action_texts, reason(allow, text), keys_of(tuple(confining)))

    def _is_ours(self, condition: Condition) -> bool:
        """Say whether a condition asks for an organization or network that counts as inside."""
        if owner_of(condition.key) not in (Owner.ORGANIZATION, Owner.ORGANIZATION_PATH, Owner.NETWORK_ID):
            return False
        owners = {value.split("/", 1)[0] for value in condition.values}
        return not condition.operator.is_negated and owners <= self.trusted

    def _left(self, allow: Statement, caller: Principal, position: Position | None) -> tuple[str, ...]:
        """Return the actions that denies leave; without a position only unconditional denies count."""
        key = caller, position
        if key not in self.denials:
            self.spent += len(self.denies)
            if self.spent > BUDGET:
                raise TooLarge("more combinations of statements than can be compared")
            self.denials[key] = Denials.of(self.denies, position, caller)
            self.denials[key].service = self.service
        return self.denials[key].left_of(allow)


def resource_policy_exposure(
    document: Any, account: str, *, trusted: frozenset[str] = frozenset(), control: Control = NOBODY
) -> Exposure:
    """Judge who outside of ``account`` a resource policy admits; ``None`` is: there is no policy.

    ``trusted`` names accounts, organizations, VPCs and endpoints that count as inside; ``control`` holds the resource
    control policies that act. A restricted answer says in its grants to whom.
    """
    if document is None:
        return Exposure(Level.PRIVATE, (Reason("there is no resource policy"),))
    if control is NOBODY:
        return _exposure(parse(document), account, trusted)
    return _controlled(parse(document), account, trusted, control)


@remembered(256)
def _exposure(policy: Policy, account: str, trusted: frozenset[str]) -> Exposure:
    return _controlled(policy, account, trusted, NOBODY)


def _controlled(policy: Policy, account: str, trusted: frozenset[str], control: Control) -> Exposure:
    if not policy.is_readable:
        return Exposure(Level.UNKNOWN, tuple(Reason(problem) for problem in policy.problems))
    try:
        grants = tuple(Reader.of(policy, account, trusted, control).grants())
    except TooLarge as problem:
        return Exposure(Level.UNKNOWN, (Reason(f"the policy has {problem}"),))
    return judged(policy, grants)


def judged(policy: Policy, grants: tuple[Grant, ...]) -> Exposure:
    """Return the exposure that grants add up to."""
    public = tuple(g.because for g in grants if g.audience is Audience.ANYONE)
    doubtful = tuple(
        reason(s, f"{s.place} may be a deny and cannot be understood: {s.problem}") for s in possible(policy.statements)
    )
    if public and doubtful:
        return Exposure(Level.UNKNOWN, doubtful + public, grants)
    if public:
        return Exposure(Level.PUBLIC, public, grants, _residual(policy, grants))
    unclear = tuple(g.because for g in grants if g.audience is Audience.UNCLEAR)
    if unclear:
        return Exposure(Level.UNKNOWN, unclear, grants)
    outside = tuple(g.because for g in grants)
    if outside:
        return Exposure(Level.RESTRICTED, outside, grants)
    return Exposure(Level.PRIVATE, (Reason("no statement admits anybody outside of the account"),))


def reason(statement: Statement, text: str, source: str = "") -> Reason:
    """Return a reason that points at a statement."""
    return Reason(text, statement.index, statement.sid, source)


def listed(texts: Iterable[str], most: int = 5) -> str:
    """Return the first few texts for a person: `a, b and 3 more`."""
    texts = tuple(texts)
    shown = ", ".join(text[:120] for text in texts[:most])
    return f"{shown} and {len(texts) - most} more" if len(texts) > most else shown


def keys_of(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Return the keys of conditions, each once."""
    return tuple(dict.fromkeys(condition.key for condition in conditions))


def _accounts(narrowing: Iterable[Condition], own: str) -> set[str]:
    """Return the accounts that positive conditions pin the caller down to."""
    found: set[str] = set()
    for condition in narrowing:
        owner = owner_of(condition.key)
        named = {own if v.lower() == OWN_ACCOUNT else account_in(owner, v) for v in condition.values}
        if owner in (Owner.ACCOUNT, Owner.ARN) and not condition.operator.is_negated and "" not in named:
            found |= named
    return found


def _although(conditions: tuple[Condition, ...]) -> str:
    return f", although it asks for {'; '.join(map(str, conditions[:3]))}" if conditions else ""


def _residual(policy: Policy, grants: tuple[Grant, ...]) -> str:
    """Return what the caller still has to meet, if every public grant has a condition."""
    by_index = {statement.index: statement for statement in policy.statements}
    texts: list[str] = []
    for grant in grants:
        if grant.audience is Audience.ANYONE:
            statement = by_index[grant.because.statement or 0]
            if not statement.conditions:
                return ""
            texts.append(" and ".join(map(str, statement.conditions)))
    return " or ".join(list(dict.fromkeys(texts))[:5])
