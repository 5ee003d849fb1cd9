"""Rows with the words of their checks: what templates show of findings and recommendations."""

from __future__ import annotations

from dataclasses import dataclass

from poise.model import Check
from poise.model.listings import Counts, FindingFilter, FindingRow, RecommendationRow
from poise.model.verdict import Severity
from poise.web.visit import Visit


@dataclass(frozen=True)
class Recommendation:
    """One check with its counts."""

    row: RecommendationRow
    check: Check | None
    """None for a check that is no longer installed."""
    control: str
    """Score control that it belongs to; empty for none."""

    @property
    def title(self) -> str:
        """The wished state."""
        return self.check.title if self.check else self.row.check

    @property
    def counts(self) -> Counts:
        """Verdicts by state."""
        return self.row.counts

    @property
    def level(self) -> Severity:
        """What it is sorted by: its highest risk, or its severity where nothing is unhealthy."""
        return self.row.highest_risk or self.row.severity

    @property
    def judged(self) -> int:
        """Assets that the check could judge."""
        return self.counts.healthy + self.counts.unhealthy


@dataclass(frozen=True)
class Titled:
    """One finding with the title of its check."""

    row: FindingRow
    title: str


def recommendations(visit: Visit, wanted: FindingFilter) -> list[Recommendation]:
    """List the recommendations, the riskiest and widest first."""
    checks = visit.workspace.checks()
    control_of = {id: control.name for control in visit.workspace.score_controls() for id in control.checks}
    rows = visit.workspace.recommendations(wanted, visit.viewer)
    made = [Recommendation(row, checks.get(row.check), control_of.get(row.check, "")) for row in rows]
    return sorted(made, key=riskiest)


def recommendation(visit: Visit, check: Check, scopes: frozenset[str]) -> Recommendation:
    """Return the recommendation of one check, with its counts in some scopes; empty for all scopes."""
    wanted = FindingFilter(checks=frozenset({check.id}), scopes=scopes)
    found = next(iter(recommendations(visit, wanted)), None)
    if found is not None:
        return found
    nothing = RecommendationRow(
        check=check.id, severity=check.severity, counts=Counts(), highest_risk=None, first_seen=None, scopes=0
    )
    return Recommendation(nothing, check, "")


def titled(visit: Visit, row: FindingRow) -> Titled:
    """Add the title of its check to a finding."""
    check = visit.workspace.checks().get(row.check)
    return Titled(row, check.title if check else row.check)


def riskiest(one: Recommendation) -> tuple[int, int, int, str]:
    """Order by highest risk, then by number of assets; what is only unknown comes last."""
    has_unhealthy = one.row.highest_risk is not None
    return (-one.level.rank if has_unhealthy else 1, -one.counts.unhealthy, -one.row.severity.rank, one.row.check)
