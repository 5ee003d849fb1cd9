"""One answer about permissions as a person reads it: the sentence, the statements that decided, what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from poise.app import queries
from poise.app.judge import Actor, Judge, Target
from poise.app.workspace import Workspace
from poise.model.finding import AssetRef
from poise.model.listings import GapRow
from poise.policy.answer import Answer, Decision
from poise.policy.as_read import as_far_as_read

MOST_TOLD = 3
"""Inputs that a sentence names."""


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that decided."""

    text: str
    source: str
    """The policy, access list or setting that it stands in."""
    statement: int | None
    """Position of the statement in its policy, from 0."""
    sid: str
    document: Any = None
    """The statement itself."""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """An input that was not read and could turn the answer."""

    input: str
    reason: str
    permission: str
    """Permission that would cure it; empty where none is known to."""


class Entitlement(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a principal may do something to an asset, and why."""

    principal: str
    principal_name: str
    principal_kind: str
    has_page: bool
    """Whether the principal is an asset of the inventory."""
    action: str
    asset: AssetRef
    decision: Decision
    as_read: Decision
    """What it comes to by what was read alone, where guardrails were not read; `unknown` where that says nothing."""
    says: str
    """The answer as a sentence."""
    because: tuple[Ground, ...]
    residual: str | None
    """Condition that is left over."""
    unread: tuple[Missing, ...]


class Explainer:
    """Explains the answers of a judge."""

    def __init__(self, workspace: Workspace, judge: Judge) -> None:
        self._workspace = workspace
        self._judge = judge

    def ask(self, actor: Actor, action: str, target: Target) -> Entitlement:
        """Ask one question, and explain the answer."""
        return self.explain(actor, action, target, self._judge.answer(actor, action, target))

    def explain(self, actor: Actor, action: str, target: Target, answer: Answer) -> Entitlement:
        """Put an answer into words."""
        as_read, left = as_far_as_read(answer)
        missing = tuple(self._missing(gap.input, gap.reason) for gap in answer.unread)
        because = tuple(self._grounds(actor, action, target, answer))
        residual = None if left is None else str(left)
        return Entitlement(
            principal=actor.id,
            principal_name=actor.name,
            principal_kind=actor.kind,
            has_page=actor.is_asset,
            action=action,
            asset=ref(target),
            decision=answer.decision,
            as_read=as_read,
            says=_sentence((actor.name, f"do {action} on {target.label}"), because, answer, (as_read, residual)),
            because=because,
            residual=residual,
            unread=missing,
        )

    def _grounds(self, actor: Actor, action: str, target: Target, answer: Answer) -> Iterator[Ground]:
        gaps = {gap.input for gap in answer.unread}
        for reason in dict.fromkeys(answer.because):
            if reason.source in gaps and reason.statement is None:
                continue
            yield Ground(
                text=reason.text.replace(action.lower(), action),
                source=reason.source,
                statement=reason.statement,
                sid=reason.sid,
                document=self._judge.statement(actor, target, reason),
            )

    def _missing(self, name: str, reason: str) -> Missing:
        """Return an input that was not read, with the permission of the gap that the reason speaks of."""
        found = (row.gap.permission for row in self._gaps if row.gap.permission and _is_meant(row, reason))
        return Missing(input=name, reason=reason, permission=next(found, ""))

    @cached_property
    def _gaps(self) -> tuple[GapRow, ...]:
        return queries.coverage(self._workspace).gaps


def ref(target: Target) -> AssetRef:
    """Return the asset of a question as lists show it."""
    asset = target.asset
    return AssetRef(asset.id, asset.KIND, asset.name, asset.PROVIDER, asset.scope, asset.region)


def _is_meant(row: GapRow, reason: str) -> bool:
    return any(name and name in reason for name in (row.gap.call, row.gap.permission))


def _sentence(
    claim: tuple[str, str], because: tuple[Ground, ...], answer: Answer, left: tuple[Decision, str | None]
) -> str:
    as_read, residual = left
    yes, no = " may ".join(claim), " may not ".join(claim)
    if answer.decision is Decision.DENY:
        return f"{no}: {because[0].text}." if because else f"{no}."
    if answer.decision is Decision.ALLOW:
        return f"{yes}."
    condition = f" if {residual}" if residual else ""
    if answer.decision is Decision.CONDITIONAL:
        return f"{yes}{condition}."
    names = _listed(gap.input for gap in answer.unread)
    if as_read is Decision.UNKNOWN:
        return f"It is not known whether {yes}: nothing that was read allows it, and {names} not read."
    return f"{yes}{condition}, as far as read: {names} not read."


def _listed(names: Iterable[str]) -> str:
    """Return `a, b and c were`, `a was`, cut where it gets long."""
    texts = list(dict.fromkeys(names))
    shown, more = texts[:MOST_TOLD], len(texts) - MOST_TOLD
    if more > 0:
        shown.append(f"{more} more inputs")
    told = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else "an input"
    return f"{told} {'was' if len(texts) == 1 and not told.endswith('s') else 'were'}"
