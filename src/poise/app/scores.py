"""The secure score of what is stored, and its daily history."""

from __future__ import annotations

from poise.app.cloud_scores import present, risk_score
from poise.app.workspace import Choices, Workspace
from poise.model.listings import AssetFilter, ControlCounts, ScopeScore, ScoreDay
from poise.model.standard import ScoreControl
from poise.model.viewer import sees_parts
from poise.score.secure import ControlCount, Mitigated, ScopeCounts, SecureScore, Weighing, score
from poise.score.secure import ScopeScore as Scored
from poise.standards.library import score_controls

EVERYTHING = "*"
"""The scope of a kept score over the whole estate; the control of the whole score of a scope."""
RISK_BASED = "risk"
"""The control of a kept risk-based score."""


def secure_score(workspace: Workspace, wanted: AssetFilter | None = None) -> SecureScore:
    """Compute the secure score of the scopes that a filter names, all if none."""
    if sees_parts(workspace.viewer) or (wanted is not None and wanted.groups):
        scopes = present(workspace, wanted or AssetFilter()).scores()
    else:
        scopes = workspace.store.scores.scopes(workspace.viewer, wanted)
    return score(counts_of(scope, workspace.choices) for scope in scopes)


def keep_scores(workspace: Workspace) -> None:
    """Keep today's scores of every scope and of the whole estate."""
    found = secure_score(workspace)
    today = workspace.store.now().date().isoformat()
    rows = [row for scope in found.scopes for row in _days(today, scope)]
    whole = found.overall
    rows.append(
        ScoreDay(
            day=today,
            scope=EVERYTHING,
            control=EVERYTHING,
            current=whole.current,
            max=whole.max,
            unknown=whole.unknown,
            low=whole.range.low,
            high=whole.range.high,
            weight=sum(scope.weight for scope in found.scopes),
        )
    )
    rows.append(_risk_day(workspace, today))
    workspace.store.scores.snapshot(rows)


def _risk_day(workspace: Workspace, day: str) -> ScoreDay:
    found = risk_score(workspace)
    return ScoreDay(
        day=day,
        scope=EVERYTHING,
        control=RISK_BASED,
        current=round(found.percentage * 100, 2),
        max=100 if found.assets else 0,
        unknown=found.unknown,
        low=found.range.low,
        high=found.range.high,
        weight=found.assets,
    )


def score_history(
    workspace: Workspace, scope: str = EVERYTHING, days: int = 90, control: str = EVERYTHING
) -> tuple[ScoreDay, ...]:
    """Return the kept scores of a scope over the last days, oldest first: one row per day, of the whole score.

    ``control`` takes the days of one control, or of the risk-based score.
    """
    rows = workspace.store.scores.history(workspace.viewer, scope, days)
    return tuple(row for row in rows if row.control == control)


def kept_for(wanted: AssetFilter) -> str | None:
    """Return the scope whose kept scores show what is wanted: everything, or one scope; None if nothing does.

    Several scopes together, and groups, have no scores that are kept.
    """
    if len(wanted.scopes) > 1 or wanted.groups:
        return None
    return next(iter(wanted.scopes), EVERYTHING)


def _days(day: str, scope: Scored) -> list[ScoreDay]:
    whole = ScoreDay(
        day=day,
        scope=scope.scope,
        control=EVERYTHING,
        current=scope.current,
        max=scope.max,
        unknown=scope.unknown,
        low=scope.range.low,
        high=scope.range.high,
        weight=scope.weight,
    )
    return [whole] + [
        ScoreDay(
            day=day,
            scope=scope.scope,
            control=control.control,
            current=control.current,
            max=control.max,
            unknown=control.unknown,
            low=0.0,
            high=1.0,
            weight=control.weight,
        )
        for control in scope.controls
    ]


def counts_of(scope: ScopeScore, choices: Choices) -> ScopeCounts:
    """Return what the formula needs of a scope, as the contradictory sources are read."""
    reading = choices.mitigated
    by_name = {counts.control: counts for counts in scope.controls}
    controls = tuple(
        _count(control, by_name[control.name], reading) for control in score_controls() if control.name in by_name
    )
    unknown = sum(control.unknown for control in controls)
    weight = scope.scored_assets + (scope.mitigated_assets if reading is Mitigated.HEALTHY else 0)
    if choices.weighing is Weighing.CONTROLS:
        weight = sum(control.healthy + control.unhealthy for control in controls)
    return ScopeCounts(scope=scope.scope, weight=weight, unknown=unknown, controls=controls)


def _count(control: ScoreControl, counts: ControlCounts, reading: Mitigated) -> ControlCount:
    as_healthy = counts.mitigated if reading is Mitigated.HEALTHY else 0
    return ControlCount(
        control=control.name,
        max=control.max,
        healthy=counts.healthy + as_healthy,
        unhealthy=counts.unhealthy,
        not_applicable=counts.not_applicable + counts.mitigated - as_healthy,
        unknown=counts.unknown,
    )
