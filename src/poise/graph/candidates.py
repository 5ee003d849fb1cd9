"""Which assets of a kind a question is worth asking about: those that some statement may be about.

Leaving out the others changes no answer, as nothing allows anything by itself; what an unread policy might allow is
told of the principal as a whole. So an estate with many narrow roles costs what their statements name, not roles
times assets.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from poise.graph.sides import Actor, Held
from poise.policy.answer import Unread
from poise.policy.aws.callers import Link, links
from poise.policy.aws.document import Statement, parse
from poise.policy.aws.principals import Who
from poise.policy.residual import Truth

ANYONE = "*"
UNCLEAR = (Who.ANYONE, Who.CANONICAL, Who.MALFORMED)
"""Principals of which any caller may be one."""
WILD = re.compile(r"[*?$]")


class Candidates:
    """The assets of one kind, found by the patterns of statements."""

    def __init__(self, targets: Sequence[Held]) -> None:
        self._targets = sorted(targets, key=lambda one: one.holding.authorized_as)
        self._arns = [one.holding.authorized_as for one in self._targets]
        self._by_arn = {one.holding.authorized_as: one for one in self._targets}
        self._by_scope: dict[str, list[Held]] = {}
        for one in self._targets:
            self._by_scope.setdefault(one.asset.scope, []).append(one)
        self._let_in: dict[str, list[Held]] = {}
        for one in self._targets:
            for whom in _let_in(one):
                self._let_in.setdefault(whom, []).append(one)

    def of(self, actor: Actor, action: str) -> Iterable[Held]:
        """Return the assets of which a statement on either side may allow an action to an actor."""
        found: dict[str, Held] = {}
        if actor.may_ask(action):
            found = {one.asset.id: one for one in self._by_identity(actor, action)}
        for one in self.trusting(actor, action):
            found.setdefault(one.asset.id, one)
        return found.values()

    def trusting(self, actor: Actor, action: str) -> Iterator[Held]:
        """Return the assets whose own policy must let an actor in, and may: without it nothing does."""
        for whom in (actor.id, actor.scope, ANYONE):
            for one in self._let_in.get(whom, ()):
                if _names(one, actor, action):
                    yield one

    def _by_identity(self, actor: Actor, action: str) -> Iterator[Held]:
        own = self._by_scope.get(actor.scope, ())
        statements = actor.granting(action)
        patterns = [one.resources for one in statements]
        if any(one is None for one in patterns):
            yield from own
            return
        prefixes = {WILD.split(text, maxsplit=1)[0] for one in patterns for text in one or ()}
        if any(len(prefix) <= len("arn:") for prefix in prefixes):
            yield from own
            return
        for prefix in prefixes:
            yield from (one for one in self._starting(prefix) if one.asset.scope == actor.scope)

    def _starting(self, prefix: str) -> Iterator[Held]:
        at = bisect_left(self._arns, prefix)
        while at < len(self._arns) and self._arns[at].startswith(prefix):
            yield self._targets[at]
            at += 1
        # A pattern may go on below the asset, as that of an object does below its bucket.
        parts = prefix.split("/")
        for many in range(1, len(parts)):
            above = self._by_arn.get("/".join(parts[:many]))
            if above is not None:
                yield above


def _let_in(held: Held) -> frozenset[str]:
    """Return whom the asset's own rules may let in: ids of principals, accounts, or anyone."""
    holding = held.holding
    lines, grants = holding.lines_for(is_inside=False), holding.grants
    if isinstance(holding.policy_for("*", is_inside=False), Unread) or lines or grants:
        return frozenset({ANYONE})
    found: set[str] = set()
    for statement in parse(holding.document).statements if holding.document is not None else ():
        if statement.is_allow:
            found |= _named(statement)
    return frozenset({ANYONE}) if ANYONE in found else frozenset(found)


def _named(statement: Statement) -> set[str]:
    named = statement.principals.members if statement.principals is not None else ()
    if statement.not_principals is not None or statement.problem:
        return {ANYONE}
    found = {ANYONE if one.who in UNCLEAR else one.account for one in named if one.who is not Who.PRINCIPAL}
    whole = {one.account for one in named if one.who is Who.PRINCIPAL and ":iam:" not in one.text}
    return found | whole | {one.text for one in named if one.who is Who.PRINCIPAL} - {""}


def _names(held: Held, actor: Actor, action: str) -> bool:
    """Say whether the asset's own rules may let an actor in whom its policies say nothing about."""
    holding = held.holding
    is_inside = actor.scope == held.asset.scope
    if holding.lines_for(is_inside=is_inside) or holding.grants_for(action):
        return True
    sources = holding.policy_for(action, is_inside=is_inside)
    if isinstance(sources, Unread):
        return not is_inside and actor.may_ask(action)
    asks = actor.may_ask(action)
    return any(
        one.is_allow
        and any(truth is not False and (asks or link is not Link.ACCOUNT) for link, truth in _links(one, actor))
        for source in sources
        for one in source.policy.about(action.lower())
    )


def _links(statement: Statement, actor: Actor) -> Iterable[tuple[Link, Truth]]:
    """Return how a statement names an actor; naming its account hands the decision to the actor's own policies."""
    return links(statement, actor.side.caller).items()
