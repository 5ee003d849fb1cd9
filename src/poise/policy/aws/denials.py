"""Denies that an outsider cannot avoid, and what of an Allow they leave.

Only unconditional cover counts: a Deny whose condition the caller can make false denies nothing for sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from poise.policy import globs
from poise.policy.aws.document import Statement
from poise.policy.aws.positions import Position
from poise.policy.aws.principals import Principal, Principals, Who

BUDGET = 500_000
"""Comparisons of patterns after which a document counts as too large to judge exactly."""
OVERLAP_COST = 50
"""What comparing two patterns for overlap costs, in comparisons for cover."""
ANY = ("*",)


class TooLarge(Exception):
    """A document has more combinations of statements than can be compared in bounded time."""


class Denials(msgspec.Struct):
    """The unavoidable denies of one document for one caller, ready for many questions."""

    exact: dict[str, list[Statement]]
    """Denies by action without wildcard."""
    wild: list[Statement]
    """Denies with wildcards or `NotAction`."""
    service: str = ""
    """The only service that the document is about, so that `*` means its actions; empty if not known."""
    spent: int = 0
    """Comparisons made so far."""

    @classmethod
    def of(cls, statements: Iterable[Statement], position: Position | None, caller: Principal) -> Denials:
        """Collect the denies that the caller cannot avoid; without a position, those with no condition."""
        made = cls({}, [])
        for statement in statements:
            conditions = statement.conditions
            holds = not conditions if position is None else position.cannot_avoid(conditions)
            if holds and _is_sure(statement, caller):
                made._add(statement)
        return made

    def left_of(self, allow: Statement) -> tuple[str, ...]:
        """Return the action patterns of an Allow that some resource of it still has, as written."""
        resources = ANY if allow.resources is None else allow.resources
        if allow.actions is None:
            covered = all(self._covers(globs.MANY, allow.not_actions or (), r) for r in resources)
            return () if covered else allow.action_texts
        return allow.as_written(a for a in allow.actions if not all(self._covers(a, (), r) for r in resources))

    def _add(self, statement: Statement) -> None:
        actions = statement.actions
        if actions is None or any(map(globs.is_wild, actions)):
            self.wild.append(statement)
            return
        for action in actions:
            self.exact.setdefault(action, []).append(statement)

    def _covers(self, action: str, without: tuple[str, ...], resource: str) -> bool:
        if action == globs.MANY and self.service:
            action = f"{self.service}:{globs.MANY}"
        return any(
            self._actions_cover(deny, action, without) and _resources_cover(deny, resource)
            for deny in chain(self.exact.get(action, ()), self.wild)
        )

    def _actions_cover(self, deny: Statement, action: str, without: tuple[str, ...]) -> bool:
        patterns = deny.actions if deny.actions is not None else deny.not_actions or ()
        self.spent += len(patterns) * (len(without) + (1 if deny.actions is not None else OVERLAP_COST))
        if self.spent > BUDGET:
            raise TooLarge("more combinations of statements than can be compared")
        if deny.actions is not None:
            return any(globs.covers(pattern, action) for pattern in patterns)
        if without:
            return all(any(globs.covers(out, pattern) for out in without) for pattern in patterns)
        return not any(globs.overlaps(pattern, action) for pattern in patterns)


def names(principals: Principals, caller: Principal) -> bool:
    """Say whether an element names the caller for sure: itself, its account or everyone."""
    return any(
        one.who is Who.ANYONE or one == caller or (one.who is Who.ACCOUNT and one.account == caller.account)
        for one in principals.members
    )


def _is_sure(statement: Statement, caller: Principal) -> bool:
    if statement.is_allow or statement.problem:
        return False
    if statement.not_principals is not None:
        return not _may_be_left_out(statement.not_principals, caller)
    return statement.principals is None or names(statement.principals, caller)


def _may_be_left_out(left_out: Principals, caller: Principal) -> bool:
    """A whole account may stand for some of its principals, so any member of it could be the caller."""
    if caller.who is Who.ANYONE:
        return left_out.includes_anyone
    return any(one.who is Who.ANYONE or _same_side(one, caller) for one in left_out.members)


def _same_side(one: Principal, caller: Principal) -> bool:
    return one == caller or bool(one.account and one.account == caller.account)


def _resources_cover(deny: Statement, resource: str) -> bool:
    if deny.resources is not None:
        return any(globs.covers(pattern, resource) for pattern in deny.resources)
    return not any(globs.overlaps(pattern, resource) for pattern in deny.not_resources or ())


def possible(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the malformed statements that may be denies."""
    return (statement for statement in statements if statement.problem and statement.is_deny)
