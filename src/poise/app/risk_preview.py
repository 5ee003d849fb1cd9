"""What other points, thresholds or marks would make of the risks of today's findings, before they are set.

The risks are judged as a scan judges them, and nothing is written. Attack paths are taken as they are: of assets that
would become critical, the next scan says which paths lead there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from poise.app.cloud_scores import rules_of
from poise.app.marked_rules import with_marks
from poise.app.risks import SEVERITIES, RiskJudge
from poise.app.workspace import Workspace
from poise.model.finding import AssetRef, Risk
from poise.model.judged import Phase, ScopePass
from poise.model.listings import FindingFilter, FindingRow
from poise.model.moments import RiskShape
from poise.model.verdict import Severity
from poise.model.viewer import sees_parts
from poise.score.cloud import CloudScore, cloud_score
from poise.score.risk import ORDER, grade
from poise.score.risk_rules import RiskRules, risk_rules, set_over

SHOWN = 50
"""Findings that are named, the farthest moved first."""
Sums = dict[tuple[str, str], tuple[Severity, float]]
"""Asset id and check id -> the level of their finding, and its points."""


class Moved(msgspec.Struct, frozen=True):
    """An open finding that would have another level. Points are sums of all factors."""

    id: str
    check: str
    title: str
    asset: AssetRef
    before: Severity
    after: Severity
    points_before: float
    points_after: float


class Turn(msgspec.Struct, frozen=True):
    """How many findings would go from one level to another."""

    before: Severity
    after: Severity
    findings: int


class RiskPreview(msgspec.Struct, frozen=True):
    """The risks of all open findings, exempt ones too, as the last scan gave them and as they would be."""

    before: Mapping[str, int]
    """Level -> open findings."""
    after: Mapping[str, int]
    turns: tuple[Turn, ...]
    """From the worst level after to the least."""
    moved: tuple[Moved, ...]
    """The first of those that move."""
    score_before: CloudScore | None
    """The risk-based score; None for a viewer who sees parts of scopes."""
    score_after: CloudScore | None


def rules_with(workspace: Workspace, tables: Mapping[str, Any], origin: str) -> RiskRules:
    """Return the rules that are set with tables over them: only what is named changes.

    The tables are those of `[risk]`. Raises :class:`UsageError` with the place of what cannot be set.
    """
    return risk_rules(set_over(msgspec.to_builtins(workspace.choices.risk), tables), origin)


def preview(workspace: Workspace, rules: RiskRules) -> RiskPreview:
    """Return what rules would make of the findings that the viewer sees. It takes as long as a scan takes to grade."""
    marked = with_marks(workspace, rules)
    levels = {node: SEVERITIES[rank] for node, rank in workspace.store.paths.levels().items()}
    turns: Counter[tuple[Severity, Severity]] = Counter()
    shapes: Counter[RiskShape] = Counter(workspace.store.scores.shapes(workspace.viewer))
    before, moved = shapes.copy(), list[Moved]()
    for source, scope in workspace.store.scans.scopes(workspace.viewer):
        where = ScopePass(source=source, scope=scope.id, phase=Phase.RISK)
        judge = RiskJudge(marked, workspace.store.inventory(source), b"", levels)
        ranks: dict[str, dict[str, int]] = {}
        given, degrees = _given(workspace, where, judge)
        for one in _rows(workspace, where, given):
            turns[one.before, one.after] += 1
            if one.before is not one.after:
                moved.append(one)
                ranks.setdefault(one.asset.id, {})[one.check] = one.after.rank
                moved = _first(moved) if len(moved) > 20 * SHOWN else moved
        shapes.update(workspace.store.scores.reshaped(where, ranks, degrees))
    return _told(workspace, turns, _first(moved), (before, shapes))


def _given(workspace: Workspace, where: ScopePass, judge: RiskJudge) -> tuple[Sums, dict[str, int]]:
    """Return the risks of the open findings of a scope, and asset id -> how critical it would be."""
    findings = workspace.store.verdicts.exceptions(where)
    risks: Sums = {}
    degrees: dict[str, int] = {}
    for asset in workspace.store.assets.load(where.source, (where.scope,)):
        degree = grade(asset, judge.rules.criticality).degree
        degrees[asset.id] = 0 if degree is None else ORDER.index(degree) + 1
        mine = findings.get(asset.id)
        judged = judge.risks(asset, mine) if mine else None
        for check, risk in (judged.risks if judged else {}).items():
            risks[asset.id, check] = risk.level, _sum(risk)
    return risks, degrees


def _rows(workspace: Workspace, where: ScopePass, given: Sums) -> Iterator[Moved]:
    """Yield the open findings of a scope that the viewer sees; one that cannot be judged again stays."""
    wanted = FindingFilter(sources=frozenset({where.source}), scopes=frozenset({where.scope}))
    for row in workspace.store.findings.all(workspace.viewer, wanted):
        stands = row.risk.level, _sum(row.risk)
        level, points = given.get((row.asset.id, row.check), stands)
        yield Moved(row.id, row.check, _title(workspace, row), row.asset, stands[0], level, stands[1], points)


def _told(
    workspace: Workspace,
    turns: Mapping[tuple[Severity, Severity], int],
    moved: list[Moved],
    shapes: tuple[Mapping[RiskShape, int], Mapping[RiskShape, int]],
) -> RiskPreview:
    before, after = Counter[str](), Counter[str]()
    for (old, new), count in turns.items():
        before[old.value] += count
        after[new.value] += count
    names = sorted(Severity, key=lambda level: -level.rank)
    told = [
        Turn(old, new, turns[old, new]) for new in names for old in names if old is not new and turns.get((old, new))
    ]
    rules = rules_of(workspace)
    scores = [None, None] if sees_parts(workspace.viewer) else [cloud_score(each, rules) for each in shapes]
    return RiskPreview(
        {level.value: before[level.value] for level in names},
        {level.value: after[level.value] for level in names},
        tuple(told),
        tuple(moved),
        *scores,
    )


def _first(moved: list[Moved]) -> list[Moved]:
    return sorted(moved, key=lambda one: (-abs(one.after.rank - one.before.rank), -one.after.rank, one.id))[:SHOWN]


def _sum(risk: Risk) -> float:
    return sum(factor.points for factor in risk.factors)


def _title(workspace: Workspace, row: FindingRow) -> str:
    check = workspace.checks.get(row.check)
    return check.title if check else row.check
