"""All verdicts, of any state, as rows: for full exports, for the page of one asset, and for a past moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from poise.model.finding import Effect, Risk
from poise.model.listings import AssetFilter, FindingFilter, FindingRow, ScopeFilter
from poise.model.verdict import Severity
from poise.store import filters, schema
from poise.store.among import among
from poise.store.codec import STATES, Packed, from_moment, unpack
from poise.store.core import Core
from poise.store.exceptions import EXCEPTIONS
from poise.store.rollups import Rules
from poise.store.rows import (
    ASSET_COLUMNS,
    FINDING_COLUMNS,
    asset,
    asset_tables,
    finding,
    finding_tables,
    to_finding,
    to_ref,
)
from poise.store.scoring import finding_id

CHUNK = 1000
"""Assets whose verdicts are in memory at a time."""


def of_asset(connection: Connection, core: Core, pk: int) -> Iterator[FindingRow]:
    """Yield the present verdicts of one asset, by check id."""
    query = select(asset.pk, asset.scope_pk, *ASSET_COLUMNS).select_from(asset_tables()).where(asset.pk == pk)
    yield from _of_assets(connection, core, connection.execute(query).all())


def all_verdicts(core: Core, viewer: ScopeFilter, wanted: FindingFilter) -> Iterator[FindingRow]:
    """Yield every present verdict that is wanted, healthy and not applicable too, asset by asset."""
    assets = AssetFilter(
        sources=wanted.sources,
        providers=wanted.providers,
        scopes=wanted.scopes,
        regions=wanted.regions,
        kinds=wanted.kinds,
    )
    with core.database.read() as connection:
        conditions = filters.of_assets(connection, viewer, assets)
        conditions += filters.asset_is(wanted.asset_id) if wanted.asset_id else []
        query = select(asset.pk, asset.scope_pk, *ASSET_COLUMNS).select_from(asset_tables()).where(*conditions)
        query = query.order_by(asset.pk)
        last = 0
        while rows := connection.execute(query.where(asset.pk > last).limit(CHUNK)).all():
            yield from (row for row in _of_assets(connection, core, rows) if is_wanted(row, wanted))
            last = rows[-1].pk


def _of_assets(connection: Connection, core: Core, rows: Sequence[Row[Any]]) -> Iterator[FindingRow]:
    keys = [row.pk for row in rows]
    ids = {number: id for id, number in _check_numbers(connection).items()}
    verdict = schema.verdict.c
    packed: dict[int, dict[int, Packed]] = {}
    query = select(verdict.asset_pk, verdict.packed).where(among(verdict.asset_pk, keys)).order_by(verdict.phase)
    for key, blob in connection.execute(query):
        packed.setdefault(key, {}).update({p.check: p for p in unpack(blob)})
    findings = _findings(connection, keys)
    rules = Rules(connection, {})
    for row in rows:
        for one in sorted(packed.get(row.pk, {}).values(), key=lambda p: ids[p.check]):
            found = findings.get((row.pk, one.check)) if one.state in EXCEPTIONS else None
            made = to_finding(found) if found is not None else to_verdict(core, row, ids[one.check], one)
            is_off = rules.is_off(row.scope_pk, one.check)
            yield msgspec.structs.replace(made, effect=Effect.DISABLED) if is_off else made


def _check_numbers(connection: Connection) -> Mapping[str, int]:
    return {row.id: row.pk for row in connection.execute(select(schema.check))}


def _findings(connection: Connection, keys: Sequence[int]) -> dict[tuple[int, int], Row[Any]]:
    columns: tuple[Any, ...] = (finding.check_pk, *FINDING_COLUMNS, *ASSET_COLUMNS)
    query = select(*columns).select_from(finding_tables())
    query = query.where(among(finding.asset_pk, keys), finding.resolved_at.is_(None))
    return {(row.asset_pk, row.check_pk): row for row in connection.execute(query)}


def to_verdict(core: Core, row: Any, check: str, one: Packed) -> FindingRow:
    """Return a verdict that is no finding, in the form of one."""
    facts = core.scoring.get(check)
    severity = facts.severity if facts else Severity.MEDIUM
    return FindingRow(
        id=finding_id(check, facts, row.asset_id),
        check=check,
        severity=severity,
        risk=Risk(severity),
        state=STATES[one.state],
        reason=one.reason,
        evidence=one.seen,
        effect=Effect.COUNTED,
        effect_until=None,
        first_seen=None,
        changed_at=None,
        resolved_at=None,
        reopened=0,
        asset=to_ref(row),
        source=row.source,
        read_at=from_moment(row.read_at),
        place=row.place,
    )


def is_wanted(row: FindingRow, wanted: FindingFilter) -> bool:
    """Whether a row passes the parts of a filter that are about the verdict."""
    sets = (
        (wanted.states, row.state),
        (wanted.severities, row.severity),
        (wanted.risk_levels, row.risk.level),
        (wanted.effects, row.effect),
    )
    if any(allowed and value not in allowed for allowed, value in sets):
        return False
    if wanted.checks is not None and row.check not in wanted.checks:
        return False
    if wanted.seen_since is not None and (row.first_seen is None or row.first_seen < wanted.seen_since):
        return False
    text = " ".join((row.check, row.id, row.asset.name, row.asset.id, row.reason)).lower()
    return all(word in text for word in wanted.text.lower().split())
