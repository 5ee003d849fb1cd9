"""The past: verdicts and findings as they were at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select, union_all

from poise.model.finding import Effect
from poise.model.listings import AssetFilter, FindingFilter, FindingRow, ScopeFilter
from poise.model.verdict import Severity, State
from poise.store import bulk, markers, schema
from poise.store.codec import SEVERITIES, STATES, from_moment, maybe_time, to_moment, unpack
from poise.store.core import Core
from poise.store.filters import asset_is, of_scopes
from poise.store.markers import Marker
from poise.store.rows import ASSET_COLUMNS, asset, asset_tables, check, finding, kind
from poise.store.seeing import visible
from poise.store.stream import is_wanted, to_verdict
from poise.store.turns import Turns, turns

old, past = schema.verdict_version.c, schema.finding_version.c
now = schema.verdict.c


class FindingThen(msgspec.Struct, frozen=True):
    """A finding as it was at a moment."""

    id: str
    check: str
    asset_id: str
    kind: str
    scope: str
    source: str
    state: State
    risk: Any
    effect: Effect


class FindingSpan(msgspec.Struct, frozen=True):
    """What a finding was from one moment to another."""

    begins: datetime
    ends: datetime | None
    """None if it is so now."""
    state: State
    risk: Severity
    effect: Effect


class History:
    """Reads the past from intervals."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def verdicts_at(self, viewer: ScopeFilter, when: datetime, wanted: FindingFilter) -> Iterator[FindingRow]:
        """Yield every verdict that held at a moment, healthy ones too; assets are named as they are now."""
        moment = to_moment(when)
        with self._core.database.read() as connection:
            ids = {row.pk: row.id for row in connection.execute(select(schema.check))}
            for row in connection.execute(_verdicts_at(connection, viewer, moment, wanted)):
                for one in unpack(row.packed):
                    made = to_verdict(self._core, row, ids[one.check], one)
                    if is_wanted(made, wanted):
                        yield made

    def findings_at(self, viewer: ScopeFilter, when: datetime) -> tuple[FindingThen, ...]:
        """Return the findings that were open at a moment, with state, risk and effect of then."""
        with self._core.database.read() as connection:
            return tuple(_findings_at(connection, viewer, to_moment(when)))

    def first_seen(self, ids: Collection[str]) -> dict[str, datetime]:
        """Return finding id -> when it was first seen."""
        query = select(finding.id, finding.first_seen)
        with self._core.database.read() as connection:
            rows = bulk.in_chunks(connection, query, finding.id, sorted(ids))
            return {row.id: from_moment(row.first_seen) for row in rows}

    def of_finding(self, viewer: ScopeFilter, id: str) -> tuple[FindingSpan, ...]:
        """Return what a finding was, from when to when, oldest first. While it was fixed there is nothing."""
        with self._core.database.read() as connection:
            query = select(schema.finding).where(finding.id == id, *visible(finding.scope_pk, viewer, finding.asset_pk))
            rows = connection.execute(query).all()
            found = [_span(row, row.changed_at, None) for row in rows if row.resolved_at is None]
            for row in rows:
                mine = (past.asset_pk == row.asset_pk, past.check_pk == row.check_pk)
                versions = connection.execute(select(schema.finding_version).where(*mine))
                found += [_span(version, version.valid_from, version.valid_to) for version in versions]
        return tuple(sorted(found, key=lambda span: span.begins))

    def turns(self, viewer: ScopeFilter, wanted: FindingFilter, since: datetime) -> Turns:
        """Return how many findings came, went and came back since a moment."""
        return turns(self._core, viewer, wanted, since)

    def events(self, viewer: ScopeFilter, since: datetime, wanted: AssetFilter) -> tuple[Marker, ...]:
        """Return what happened to checks, scopes and exemptions since a moment, oldest first.

        ``wanted`` narrows to its scopes and groups.
        """
        with self._core.database.read() as connection:
            found = [
                *markers.of_checks(connection, viewer, wanted),
                *markers.of_scopes(connection, viewer, wanted),
                *markers.of_exemptions(connection, viewer, wanted, self._core.database.now()),
            ]
        return tuple(
            sorted((m for m in found if m.at > since), key=lambda marker: (marker.at, marker.kind, marker.says))
        )


def _span(row: Any, begins: int, ends: int | None) -> FindingSpan:
    return FindingSpan(
        from_moment(begins), maybe_time(ends), STATES[row.state], SEVERITIES[row.risk], Effect(row.effect)
    )


def _verdicts_at(connection: Connection, viewer: ScopeFilter, moment: int, wanted: FindingFilter) -> Select[Any]:
    present = select(now.asset_pk, now.phase, now.packed).where(now.valid_from <= moment)
    before = select(old.asset_pk, old.phase, old.packed).where(old.valid_from <= moment, old.valid_to > moment)
    both = union_all(present, before).subquery()
    query = select(*ASSET_COLUMNS, both.c.packed)
    query = query.select_from(asset_tables().join(both, both.c.asset_pk == asset.pk))
    query = query.where(*of_scopes(connection, viewer, wanted, asset.scope_pk, asset.pk))
    if wanted.kinds:
        query = query.where(kind.name.in_(sorted(wanted.kinds)))
    if wanted.asset_id:
        query = query.where(*asset_is(wanted.asset_id))
    return query.order_by(asset.pk, both.c.phase)


def _findings_at(connection: Connection, viewer: ScopeFilter, moment: int) -> Iterator[FindingThen]:
    columns = (finding.asset_pk, finding.check_pk)
    present = select(*columns, finding.state, finding.risk, finding.effect)
    present = present.where(finding.resolved_at.is_(None), finding.changed_at <= moment)
    before = select(past.asset_pk, past.check_pk, past.state, past.risk, past.effect)
    before = before.where(past.valid_from <= moment, past.valid_to > moment)
    both = union_all(present, before).subquery()
    query = select(finding.id, check.id.label("check"), *ASSET_COLUMNS, both.c.state, both.c.risk, both.c.effect)
    tables = asset_tables().join(both, both.c.asset_pk == asset.pk)
    tables = tables.join(schema.check, check.pk == both.c.check_pk)
    on = (finding.asset_pk == both.c.asset_pk) & (finding.check_pk == both.c.check_pk)
    query = query.select_from(tables.join(schema.finding, on)).where(*visible(asset.scope_pk, viewer, asset.pk))
    for row in connection.execute(query.order_by(finding.id, asset.pk)):
        yield FindingThen(
            row.id,
            row.check,
            row.asset_id,
            row.kind,
            row.scope,
            row.source,
            STATES[row.state],
            SEVERITIES[row.risk],
            Effect(row.effect),
        )
