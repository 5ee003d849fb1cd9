"""Why: a finding with its risk, evidence and cure, and a score with what each control gives and costs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from poise.app import queries
from poise.app.cloud_scores import risk_score, rules_of
from poise.app.exemptions import LeftOut, left_out
from poise.app.fixes import FixText, filled
from poise.app.scores import kept_for, score_history, secure_score
from poise.app.workspace import Workspace
from poise.model.asset import Asset
from poise.model.check import Category, Check, Parameter
from poise.model.errors import NotCollected
from poise.model.finding import Finding
from poise.model.listings import AssetFilter, ScoreDay
from poise.score.cloud import CloudRules, CloudScore
from poise.score.risk import arithmetic
from poise.score.secure import SecureScore
from poise.standards.library import control_of

EVERY_ASSET = AssetFilter()


class FindingHistory(msgspec.Struct, frozen=True):
    """When a finding came, changed and went."""

    first_seen: datetime | None
    changed_at: datetime | None
    resolved_at: datetime | None
    reopened: int


class ParameterValue(msgspec.Struct, frozen=True):
    """A parameter of a check with the value that held."""

    name: str
    value: Any
    meaning: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """All that a person needs to understand a finding and to act on it."""

    finding: Finding
    arithmetic: str
    """How the shares of the risk add up, and the thresholds."""
    history: FindingHistory
    place: str | None
    """File and line, for code and exports."""
    why_it_matters: str
    source: str
    """Vendor page or standard that the rule is taken from."""
    parameters: tuple[ParameterValue, ...]
    fix: FixText
    control: str | None
    """Its control of the secure score."""
    unread: dict[str, str]
    """Facts of the asset that could not be read, with the reason."""
    left_out: tuple[LeftOut, ...] = ()
    """Vulnerabilities in the evidence that are exempt."""


class ScoreExplanation(msgspec.Struct, frozen=True):
    """A score with its history."""

    score: SecureScore
    history: tuple[ScoreDay, ...]


class RiskExplanation(msgspec.Struct, frozen=True):
    """A risk-based score with what it is computed with."""

    score: CloudScore
    rules: CloudRules


def explain_finding(workspace: Workspace, id: str) -> Explanation:
    """Explain one finding. Raises :class:`UsageError` if there is none."""
    row = queries.finding_row(workspace, id)
    check = queries.check_of(workspace, row.check)
    detail = queries.asset(workspace, row.asset.id)
    return Explanation(
        finding=queries.to_finding(workspace, row),
        arithmetic=arithmetic(row.risk, workspace.choices.risk) if row.risk.factors else "",
        history=FindingHistory(row.first_seen, row.changed_at, row.resolved_at, row.reopened),
        place=row.place,
        why_it_matters=check.risk,
        source=check.source,
        parameters=tuple(_value(workspace, check, parameter, row.asset.scope) for parameter in check.parameters),
        fix=filled(check.fix, row.asset),
        control=control_of().get(check.id),
        unread=dict(detail.asset.unread),
        left_out=left_out(workspace, row.id) if check.category is Category.VULNERABILITY else (),
    )


def explain_score(workspace: Workspace, wanted: AssetFilter = EVERY_ASSET, days: int = 30) -> ScoreExplanation:
    """Explain the secure score: each control's points, what is missing, and the days before.

    Scores of several scopes together and of groups are not kept, so those have no days before.
    """
    kept = kept_for(wanted)
    before = score_history(workspace, kept, days) if kept is not None else ()
    return ScoreExplanation(secure_score(workspace, wanted), before)


def explain_risk_score(workspace: Workspace, wanted: AssetFilter = EVERY_ASSET) -> RiskExplanation:
    """Explain the risk-based score with the bases and weights that hold."""
    return RiskExplanation(risk_score(workspace, wanted), rules_of(workspace))


def shown_facts(asset: Asset) -> list[tuple[str, Any, str | None]]:
    """Return (name, value, reason why unread) for every fact of an asset, in the order of its record."""
    rows: list[tuple[str, Any, str | None]] = []
    for name in asset.FACTS:
        try:
            rows.append((name, msgspec.to_builtins(getattr(asset, name)), None))
        except NotCollected as gap:
            rows.append((name, None, gap.reason))
    return rows


def _value(workspace: Workspace, check: Check, parameter: Parameter, scope: str) -> ParameterValue:
    values = workspace.settings.values(check, scope)
    return ParameterValue(parameter.name, values[parameter.name], parameter.meaning)
