"""Turns rows of the database into the rows that doors show."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, FromClause, func, select

from poise.model.finding import AssetRef, Effect, Risk, RiskFactor
from poise.model.listings import AssetRow, FindingRow, OpenCounts
from poise.model.verdict import Severity
from poise.store import duties, schema
from poise.store.codec import SEVERITIES, STATES, from_moment, maybe_time, read_tags, unpress

_detail = msgspec.msgpack.Decoder(tuple[Any, tuple[RiskFactor, ...]])

asset, finding, scope = schema.asset.c, schema.finding.c, schema.scope.c
kind, partition, check, summary = schema.kind.c, schema.partition.c, schema.check.c, schema.asset_summary.c

read_at: ColumnElement[int] = func.coalesce(asset.kept_from, partition.read_at, asset.first_seen)
"""When an asset was last seen in an answer of its provider."""
asset_id: ColumnElement[str] = func.coalesce(asset.given_id, asset.uid)

ASSET_COLUMNS = (
    asset_id.label("asset_id"),
    kind.name.label("kind"),
    asset.name.label("asset_name"),
    scope.provider,
    scope.id.label("scope"),
    asset.region,
    scope.source,
    read_at.label("read_at"),
    asset.place,
)
exempted, exemption = schema.exempted.c, schema.exemption.c
exemption_name = (
    select(exemption.name)
    .join_from(schema.exempted, schema.exemption, exemption.pk == exempted.exemption_pk)
    .where(exempted.asset_pk == finding.asset_pk, exempted.check_pk == finding.check_pk)
    .where(finding.effect.in_((Effect.WAIVED.value, Effect.MITIGATED.value)))
    .correlate(schema.finding)
    .scalar_subquery()
)
"""Name of the exemption of a finding; nothing for one that counts, or whose check is switched off."""
assigned = duties.assignment.c


def _of_assignment(column: ColumnElement[Any]) -> Any:
    """Return a column of the assignment of a finding in its present round."""
    mine = (assigned.asset_pk == finding.asset_pk, assigned.check_pk == finding.check_pk)
    query = select(column).where(*mine, assigned.round == finding.reopened)
    return query.correlate(schema.finding).scalar_subquery()


FINDING_COLUMNS = (
    finding.asset_pk,
    finding.id,
    check.id.label("check"),
    finding.state,
    finding.severity,
    finding.risk,
    finding.reason,
    finding.detail,
    finding.effect,
    finding.effect_until,
    finding.first_seen,
    finding.changed_at,
    finding.resolved_at,
    finding.reopened,
    exemption_name.label("exemption"),
    *(_of_assignment(assigned[name]).label(name) for name in ("owner", "due", "rule", "eta")),
)


def asset_tables() -> FromClause:
    """Return asset joined with what names it."""
    return (
        schema.asset.join(schema.scope, scope.pk == asset.scope_pk)
        .join(schema.kind, kind.pk == asset.kind_pk)
        .join(schema.partition, partition.pk == asset.partition_pk)
    )


def finding_tables() -> FromClause:
    """Return finding joined with its check, asset, and what names them."""
    return (
        schema.finding.join(schema.check, check.pk == finding.check_pk)
        .join(schema.asset, asset.pk == finding.asset_pk)
        .join(schema.scope, scope.pk == finding.scope_pk)
        .join(schema.kind, kind.pk == finding.kind_pk)
        .join(schema.partition, partition.pk == asset.partition_pk)
    )


def to_ref(row: Any) -> AssetRef:
    """Return the asset that a row names."""
    return AssetRef(row.asset_id, row.kind, row.asset_name, row.provider, row.scope, row.region)


def to_finding(row: Any) -> FindingRow:
    """Return a finding of FINDING_COLUMNS and ASSET_COLUMNS."""
    evidence, factors = _detail.decode(unpress(row.detail))
    return FindingRow(
        id=row.id,
        check=row.check,
        severity=SEVERITIES[row.severity],
        risk=Risk(SEVERITIES[row.risk], factors),
        state=STATES[row.state],
        reason=row.reason,
        evidence=evidence,
        effect=Effect(row.effect),
        effect_until=maybe_time(row.effect_until),
        first_seen=from_moment(row.first_seen),
        changed_at=from_moment(row.changed_at),
        resolved_at=maybe_time(row.resolved_at),
        reopened=row.reopened,
        asset=to_ref(row),
        source=row.source,
        read_at=from_moment(row.read_at),
        place=row.place,
        exemption=row.exemption,
        owner=row.owner or None,
        due=maybe_time(row.due),
        rule=row.rule or None,
        eta=maybe_time(row.eta),
    )


def to_severity(rank: int | None) -> Severity | None:
    """Return the severity of a rank, None for 0."""
    return SEVERITIES.get(rank or 0)


ASSET_ROW_COLUMNS = (
    asset.pk,
    *ASSET_COLUMNS,
    asset.tags,
    asset.first_seen,
    asset.gone_at,
    asset.unread,
    summary.risk.label("highest_risk"),
    *(summary[name] for name in ("critical", "high", "medium", "low", "unknown")),
)


def asset_row_tables() -> FromClause:
    """Return asset joined with what names it, and its summary; one that is gone has none."""
    return asset_tables().outerjoin(schema.asset_summary, summary.asset_pk == asset.pk)


def present_asset_tables() -> FromClause:
    """Return assets that are there, joined with what names them, and their summaries."""
    return asset_tables().join(schema.asset_summary, summary.asset_pk == asset.pk)


def to_asset_row(row: Any) -> AssetRow:
    """Return an asset of ASSET_ROW_COLUMNS."""
    counts = (row.critical, row.high, row.medium, row.low, row.unknown)
    return AssetRow(
        asset=to_ref(row),
        source=row.source,
        tags=read_tags(row.tags),
        read_at=from_moment(row.read_at),
        first_seen=from_moment(row.first_seen),
        gone_at=maybe_time(row.gone_at),
        place=row.place,
        unread=row.unread,
        highest_risk=to_severity(row.highest_risk),
        open=OpenCounts(*(count or 0 for count in counts)),
    )
