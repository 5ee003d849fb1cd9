"""Who may do what to which asset: one question, everybody who may, everything that one may.

The engines of `poise.policy` decide; here their inputs come from the store, and their answers become sentences with
the statements that decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from poise.app.entitlement import Entitlement, Explainer, Missing, ref
from poise.app.judge import Judge, Target
from poise.app.judge_azure import OBJECT_ID
from poise.app.judges import judge_of
from poise.app.naming import named
from poise.app.seeing import require_whole_scopes
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.finding import AssetRef
from poise.model.listings import AssetFilter
from poise.policy.answer import Decision

ORDER = (Decision.ALLOW, Decision.CONDITIONAL, Decision.UNKNOWN, Decision.DENY)
MOST_QUESTIONS = 3000
"""Questions that one summary asks before it says that it left some out."""
MOST_SHOWN = 5
"""Assets of a group that a summary names."""


class Holders(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody who may do something to an asset."""

    action: str
    asset: AssetRef
    rows: tuple[Entitlement, ...]
    """Whoever may, or may under a condition, or of whom it cannot be said; outsiders first."""
    asked: int
    """Principals that were judged."""
    denied: int


class ActionGroup(msgspec.Struct, frozen=True, kw_only=True):
    """What a principal may do to the assets of one kind."""

    kind: str
    group: str
    action: str
    allowed: int
    conditional: int
    unknown: int
    denied: int
    examples: tuple[Entitlement, ...]
    """Some that are not denied, those for certain first."""


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a principal may do."""

    principal: str
    principal_name: str
    groups: tuple[ActionGroup, ...]
    asked: int
    """Questions that were asked."""
    left_out: int
    """Assets that were not asked about, because there are too many."""
    unread: tuple[Missing, ...]


def can(workspace: Workspace, principal: str, action: str, asset: str, through: str = "") -> Entitlement:
    """Answer whether a principal may do something to an asset; each by its id, or by a name that only one bears.

    ``through`` names a VPC end point that it asks through; the policy of the end point must allow too.
    """
    require_whole_scopes(workspace)
    target, provider = target_of(workspace, asset, action)
    judge = judge_of(workspace, provider)
    actor = judge.actor(principal)
    if through:
        actor = judge.through(actor, through)
    return Explainer(workspace, judge).ask(actor, _action(action), target)


def who_can(workspace: Workspace, action: str, asset: str) -> Holders:
    """Return everybody who may do something to an asset, outsiders first."""
    require_whole_scopes(workspace)
    target, provider = target_of(workspace, asset, action)
    judge = judge_of(workspace, provider)
    return holders(workspace, judge, _action(action), target)


def holders(workspace: Workspace, judge: Judge, action: str, target: Target) -> Holders:
    """Ask for everybody; only those who are not denied are explained."""
    explainer = Explainer(workspace, judge)
    asked, rows = 0, []
    for actor in judge.actors(target):
        asked += 1
        answer = judge.answer(actor, action, target)
        if answer.decision is not Decision.DENY:
            rows.append(explainer.explain(actor, action, target, answer))
    ranked = sorted(rows, key=lambda row: (row.has_page, ORDER.index(row.as_read), row.principal_name))
    return Holders(action=action, asset=ref(target), rows=tuple(ranked), asked=asked, denied=asked - len(rows))


def what_can(workspace: Workspace, principal: str) -> Abilities:
    """Return what a principal may do, by kind of asset and by group of actions."""
    require_whole_scopes(workspace)
    provider = "azure" if OBJECT_ID.fullmatch(principal) else "aws"
    judge = judge_of(workspace, provider)
    actor = judge.actor(principal)
    explainer = Explainer(workspace, judge)
    sums: dict[tuple[str, str, str], _Sum] = {}
    asked = left_out = 0
    for target, kind in _targets(workspace, judge, provider):
        if asked >= MOST_QUESTIONS:
            left_out += 1
            continue
        for group, action in judge.groups[kind]:
            asked += 1
            found = sums.setdefault((kind.KIND, group, action), _Sum())
            found.add(explainer.ask(actor, action, target))
    rows = [row for found in sums.values() for row in found.rows]
    return Abilities(
        principal=actor.id,
        principal_name=actor.name,
        groups=tuple(_group(key, found) for key, found in sums.items() if found.rows),
        asked=asked,
        left_out=left_out,
        unread=tuple(dict.fromkeys(gap for row in rows for gap in row.unread)),
    )


@dataclass
class _Sum:
    """The answers of one group of actions so far."""

    rows: list[Entitlement] = field(default_factory=list)
    """Those that are not denied."""
    denied: int = 0

    def add(self, found: Entitlement) -> None:
        """Count one answer."""
        if found.decision is Decision.DENY:
            self.denied += 1
        else:
            self.rows.append(found)


def target_of(workspace: Workspace, text: str, action: str = "") -> tuple[Target, str]:
    """Return the asset that a text names, with its cloud. `BUCKET/KEY`, or its ARN, is an object of a bucket."""
    arn, slash, _ = text.removeprefix("arn:aws:s3:::").partition("/")
    if slash and text.startswith("arn:") and ":s3:::" in text:
        detail = named(workspace, f"{text[: text.index(':s3:::')]}:s3:::{arn}")
        return Target(detail.asset, detail.row.source, text), detail.asset.PROVIDER
    detail = named(workspace, text, action=action)
    return Target(detail.asset, detail.row.source), detail.asset.PROVIDER


def entitlement_json(found: Entitlement) -> dict[str, Any]:
    """Return the answer as scripts get it."""
    shaped: dict[str, Any] = msgspec.to_builtins(found)
    first = ("decision", "because", "residual", "unread")
    return {name: shaped[name] for name in first} | {k: v for k, v in shaped.items() if k not in first}


def _targets(workspace: Workspace, judge: Judge, provider: str) -> Iterator[tuple[Target, Any]]:
    by_name = {kind.KIND: kind for kind in judge.groups}
    wanted = AssetFilter(kinds=frozenset(by_name), providers=frozenset({provider}))
    for row, asset in workspace.store.assets.all(workspace.viewer, wanted):
        yield Target(asset, row.source), by_name[row.asset.kind]


def _group(key: tuple[str, str, str], found: _Sum) -> ActionGroup:
    kind, group, action = key
    by = {decision: sum(row.as_read is decision for row in found.rows) for decision in Decision}
    ranked = sorted(found.rows, key=lambda row: (ORDER.index(row.as_read), row.asset.name))
    return ActionGroup(
        kind=kind,
        group=group,
        action=action,
        allowed=by[Decision.ALLOW],
        conditional=by[Decision.CONDITIONAL],
        unknown=by[Decision.UNKNOWN],
        denied=found.denied,
        examples=tuple(ranked[:MOST_SHOWN]),
    )


def _action(text: str) -> str:
    if ":" not in text and "/" not in text and text != "*":
        raise UsageError(f"{text!r} is not an action.", "Give one such as s3:GetObject or Microsoft.Sql/servers/write.")
    return text
