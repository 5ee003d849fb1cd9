"""What every door asks: lists and details, in the words that people read. Each takes the viewer's scopes along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from poise.app.workspace import Workspace
from poise.assess.rules import prepare
from poise.model.check import Category, Check
from poise.model.errors import UsageError
from poise.model.finding import Effect, Finding
from poise.model.listings import (
    AssetDetail,
    AssetFilter,
    AssetRow,
    Counts,
    Coverage,
    FacetCount,
    FindingFilter,
    FindingRow,
    Page,
    Paging,
    ScanRow,
)
from poise.model.verdict import Severity, State
from poise.standards.library import control_of


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """A check with all its findings: what a person should do."""

    check: str
    title: str
    severity: Severity
    category: Category
    provider: str
    kind: str
    control: str | None
    """Its control of the secure score; None if it is not scored."""
    counts: Counts
    highest_risk: Severity | None
    first_seen: datetime | None
    scopes: int


def findings(workspace: Workspace, wanted: FindingFilter, paging: Paging | None = None) -> Page[Finding]:
    """Return a part of the findings that a filter asks for."""
    page = workspace.store.findings.page(workspace.viewer, wanted, paging or Paging())
    return Page(tuple(to_finding(workspace, row) for row in page.rows), page.total, page.cursor)


def all_findings(workspace: Workspace, wanted: FindingFilter) -> Iterator[Finding]:
    """Yield every finding that a filter asks for; memory stays bounded."""
    return (to_finding(workspace, row) for row in workspace.store.findings.all(workspace.viewer, wanted))


def all_verdicts(workspace: Workspace, wanted: FindingFilter) -> Iterator[Finding]:
    """Yield every present verdict in the form of a finding, healthy and not applicable ones too."""
    return (to_finding(workspace, row) for row in workspace.store.all_verdicts(workspace.viewer, wanted))


def finding(workspace: Workspace, id: str) -> Finding:
    """Return one finding, open or fixed. Raises :class:`UsageError` if there is none that the viewer may see."""
    return to_finding(workspace, finding_row(workspace, id))


def finding_row(workspace: Workspace, id: str) -> FindingRow:
    """Return one finding with its history, as the store keeps it."""
    row = workspace.store.findings.get(workspace.viewer, id)
    if row is None:
        raise UsageError(f"There is no finding {id!r}.", "`poise list findings` shows those that there are.")
    return row


def finding_facet(workspace: Workspace, wanted: FindingFilter, name: str) -> tuple[FacetCount, ...]:
    """Return each value of a filter with the number of findings that it would leave."""
    return workspace.store.findings.facet(workspace.viewer, wanted, name)


def recommendations(workspace: Workspace, wanted: FindingFilter) -> tuple[Recommendation, ...]:
    """Return every check that has verdicts, worst first."""
    rows = workspace.store.findings.recommendations(workspace.viewer, wanted)
    controls = control_of()
    return tuple(
        Recommendation(
            check=row.check,
            title=check.title,
            severity=row.severity,
            category=check.category,
            provider=check.provider,
            kind=check.asset.KIND,
            control=controls.get(row.check),
            counts=row.counts,
            highest_risk=row.highest_risk,
            first_seen=row.first_seen,
            scopes=row.scopes,
        )
        for row in rows
        if (check := workspace.checks.get(row.check)) is not None
    )


def open_recommendations(workspace: Workspace, wanted: FindingFilter) -> tuple[Recommendation, ...]:
    """Return the checks that have findings of the wanted sort, worst first."""
    states = wanted.states or frozenset({State.UNHEALTHY, State.UNKNOWN})
    return recommendations(workspace, msgspec.structs.replace(wanted, states=states))


def assets(workspace: Workspace, wanted: AssetFilter, paging: Paging | None = None) -> Page[AssetRow]:
    """Return a part of the assets that a filter asks for."""
    return workspace.store.assets.page(workspace.viewer, wanted, paging or Paging())


def assets_with_findings(workspace: Workspace, wanted: FindingFilter, paging: Paging | None = None) -> Page[AssetRow]:
    """Return a part of the assets that have findings of the wanted sort."""
    return workspace.store.assets.with_findings(workspace.viewer, wanted, paging or Paging())


def asset(workspace: Workspace, id: str) -> AssetDetail:
    """Return all that is held about one asset. Raises :class:`UsageError` if there is none."""
    found = workspace.store.assets.get(workspace.viewer, id)
    if found is None:
        raise UsageError(f"There is no asset {id!r}.", "`poise list assets` shows those that there are.")
    return found


def asset_facet(workspace: Workspace, wanted: AssetFilter, name: str) -> tuple[FacetCount, ...]:
    """Return each value of a filter with the number of assets that it would leave."""
    return workspace.store.assets.facet(workspace.viewer, wanted, name)


def coverage(workspace: Workspace) -> Coverage:
    """Return what was read and what could not be."""
    return workspace.store.scans.coverage(workspace.viewer)


def scans(workspace: Workspace, paging: Paging | None = None) -> Page[ScanRow]:
    """Return scans, newest first. A scan is about all that it read, so only who may see everything is told of any."""
    return Page((), 0, None) if workspace.viewer is not None else workspace.store.scans.page(paging)


def scan(workspace: Workspace, number: int) -> ScanRow:
    """Return one scan with its coverage. Raises :class:`UsageError` if there is none."""
    found = workspace.store.scans.get(number) if workspace.viewer is None else None
    if found is None:
        raise UsageError(f"There is no scan {number}.", "`poise list scans` shows those that there are.")
    return found


def check_of(workspace: Workspace, id: str) -> Check:
    """Return a check by its id or by one that it had before. Raises :class:`UsageError` if there is none."""
    from poise.checks import catalog

    return workspace.checks.get(id) or catalog.get(id)


def parameter_values(workspace: Workspace, check: Check, scope: str) -> Mapping[str, object]:
    """Return the value of each parameter of a check in a scope."""
    prepare(check)
    return workspace.settings.values(check, scope)


def to_finding(workspace: Workspace, row: FindingRow) -> Finding:
    """Return a stored row in the public form."""
    check = workspace.checks.get(row.check)
    return Finding(
        id=row.id,
        check=row.check,
        title=check.title if check else row.check,
        severity=row.severity,
        risk=row.risk,
        verdict=row.state,
        reason=row.reason,
        evidence=row.evidence,
        read_at=row.read_at,
        source=row.source,
        asset=row.asset,
        first_seen=row.first_seen,
        owner=row.owner,
        due=row.due,
        exemption=row.exemption or (None if row.effect is Effect.COUNTED else row.effect.value),
        effect=row.effect,
        controls=workspace.standards.controls_of(row.check),
        effect_until=row.effect_until,
        rule=row.rule,
        eta=row.eta,
    )
