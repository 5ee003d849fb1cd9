"""What one layer of policies says to a question: which statements allow it, which deny it.

A layer that was not read votes with two unread inputs, one for its allows and one for its denies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from poise.policy.answer import Reason, Unread
from poise.policy.aws.document import Effect, Statement
from poise.policy.aws.matching import Question, applies
from poise.policy.aws.sources import Source, reason_of
from poise.policy.residual import Form, Residual, Truth, all_of, any_of

Sources = tuple[Source, ...] | Unread
"""The documents of a layer, or why they were not read."""
Vote = tuple[Truth, Reason]


class Votes(msgspec.Struct, frozen=True):
    """The votes of one layer."""

    name: str
    """The layer as a person calls it: `identity policies`."""
    allows: tuple[Vote, ...] = ()
    denies: tuple[Vote, ...] = ()

    @property
    def allow(self) -> Truth:
        """Whether some statement allows it."""
        return any_of(about for about, _ in self.allows)

    @property
    def deny(self) -> Truth:
        """Whether some statement denies it."""
        return any_of(about for about, _ in self.denies)


def collect(name: str, sources: Sources, question: Question) -> Votes:
    """Collect the votes of a layer in which principals play no part."""
    if isinstance(sources, Unread):
        return unread_votes(name, sources)
    allows: list[Vote] = list(_unreadable(sources, "allow"))
    denies: list[Vote] = list(_unreadable(sources, "deny"))
    for source, statement in about(sources, question.action):
        if statement.is_allow and (vote := applies(statement.read_as(Effect.ALLOW), question)) is not False:
            allows.append((vote, reason_of(source, statement, "allows it")))
        if statement.is_deny and (vote := applies(statement.read_as(Effect.DENY), question)) is not False:
            denies.append((vote, reason_of(source, statement, "denies it")))
    return Votes(name, tuple(allows), tuple(denies))


def collect_named(name: str, sources: Sources, question: Question, names: Callable[[Statement, bool], Truth]) -> Votes:
    """Collect the votes of a layer whose statements name principals.

    ``names`` says whether a statement is about the caller, as an Allow (False) or as a Deny (True).
    """
    if isinstance(sources, Unread):
        return unread_votes(name, sources)
    allows: list[Vote] = list(_unreadable(sources, "allow"))
    denies: list[Vote] = list(_unreadable(sources, "deny"))
    for source, statement in about(sources, question.action):
        granted, denied = (applies(statement.read_as(effect), question) for effect in (Effect.ALLOW, Effect.DENY))
        if statement.is_allow and (vote := all_of((granted, names(statement, False)))) is not False:
            allows.append((vote, reason_of(source, statement, "allows it")))
        if statement.is_deny and (vote := all_of((denied, names(statement, True)))) is not False:
            denies.append((vote, reason_of(source, statement, "denies it")))
    return Votes(name, tuple(allows), tuple(denies))


def about(sources: Iterable[Source], action: str) -> Iterator[tuple[Source, Statement]]:
    """Yield the statements that can be about an action."""
    return ((source, statement) for source in sources for statement in source.policy.about(action))


def unread_votes(name: str, gap: Unread) -> Votes:
    """Return the votes of a layer that was not read."""
    reason = Reason(f"{name} not read: {gap.reason}", source=gap.input)
    allow, deny = (Residual(Form.UNREAD, gap.input, gap.reason, vote) for vote in ("allow", "deny"))
    return Votes(name, ((allow, reason),), ((deny, reason),))


def _unreadable(sources: Iterable[Source], vote: str) -> Iterator[Vote]:
    """Yield the votes of documents that are no policies: they may allow or deny anything."""
    for source in sources:
        if not source.policy.is_readable:
            problem = "; ".join(source.policy.problems)
            gap = Residual(Form.UNREAD, source.name or "policy", problem, vote)
            yield gap, Reason(problem, source=source.name)
