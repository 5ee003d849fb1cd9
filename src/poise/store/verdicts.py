"""Writes verdicts: one small blob per asset and phase, and a finding for each exception among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, select

from poise.model.errors import StaleFence
from poise.model.judged import Judged, OpenFinding, Phase, ScopePass, StoredKey
from poise.model.listing import PartitionKey
from poise.model.verdict import Verdict
from poise.store import bulk, schema
from poise.store.among import among
from poise.store.codec import (
    SEVERITIES,
    STATES,
    PackedRow,
    clean,
    maybe_moment,
    maybe_time,
    number_pairs,
    pack,
    plain_evidence,
    state_number,
    unpack,
)
from poise.store.core import Core, lock_scope
from poise.store.exceptions import Exceptions, Ruling

PHASE_NUMBER = {Phase.OWN: 0, Phase.NEIGHBOURS: 1, Phase.RISK: 2}
COLUMNS = ("asset_pk", "phase", "valid_from", "next_change_at", "key", "questions", "states", "packed")


class Place(NamedTuple):
    """An asset with what was judged of it."""

    asset_pk: int
    scope_pk: int
    kind_pk: int
    judged: Judged


class Writer:
    """Writes verdicts inside a transaction; who calls it counts the assets again."""

    def __init__(self, core: Core, connection: Connection, now: int) -> None:
        self._core = core
        self._connection = connection
        self._now = now
        self._numbers = core.names.checks(())
        self._exceptions = Exceptions(core, connection, now)

    def write(self, phase: Phase, places: Sequence[Place], fresh: frozenset[int] = frozenset()) -> None:
        """Write all verdicts of a phase on these assets. ``fresh`` assets have nothing stored yet."""
        for some in bulk.chunks(places):
            self._write_chunk(PHASE_NUMBER[phase], some, fresh)
            if phase is Phase.RISK:
                self._exceptions.set_risks(some)

    def _write_chunk(self, phase: int, places: Sequence[Place], fresh: frozenset[int]) -> None:
        table = schema.verdict
        known = [p.asset_pk for p in places if p.asset_pk not in fresh]
        query = select(table).where(table.c.phase == phase)
        old = {row.asset_pk: row for row in bulk.in_chunks(self._connection, query, table.c.asset_pk, known)}
        inserts, changes, rulings = [], [], []
        for place in places:
            packed = self._packed(place.judged)
            before = old.get(place.asset_pk)
            row = self._row(phase, place, packed, before)
            if before is None:
                inserts.append(row)
            elif row != tuple(before):
                changes.append((before, row))
            rulings.append(Ruling(place, packed, None if before is None else before.states, place.asset_pk in fresh))
        self._replace(changes)
        bulk.insert_rows(self._connection, table, COLUMNS, inserts)
        self._exceptions.write(rulings)

    def _packed(self, judged: Judged) -> list[PackedRow]:
        numbers = self._numbers
        return [
            (
                numbers[id],
                state_number(v.state),
                clean(v.reason),
                plain_evidence(v.seen),
                maybe_moment(v.next_change_at),
            )
            for id, v in judged.verdicts.items()
        ]

    def _row(self, phase: int, place: Place, packed: list[PackedRow], before: Row[Any] | None) -> tuple[Any, ...]:
        judged = place.judged
        blob = pack(packed)
        began = before.valid_from if before is not None and before.packed == blob else self._now
        earliest = min((row[-1] for row in packed if row[-1] is not None), default=None)
        next_change = maybe_moment(judged.next_change_at) if judged.next_change_at else earliest
        states = number_pairs([row[:2] for row in packed])
        return (place.asset_pk, phase, began, next_change, judged.key, judged.questions, states, blob)

    def _replace(self, changes: Sequence[tuple[Row[Any], tuple[Any, ...]]]) -> None:
        close_versions(self._connection, [old for old, new in changes if old.packed != new[-1]], self._now)
        rows = [dict(zip(COLUMNS, new, strict=True)) for _, new in changes]
        bulk.update_rows(self._connection, schema.verdict, ("asset_pk", "phase"), rows)


def close_versions(connection: Connection, rows: Iterable[Row[Any]], now: int) -> None:
    """Write verdict rows to the history."""
    versions = [
        {
            "asset_pk": r.asset_pk,
            "phase": r.phase,
            "valid_from": r.valid_from,
            "valid_to": now,
            "packed": r.packed,
        }
        for r in rows
        if r.valid_from < now
    ]
    bulk.put_rows(connection, schema.verdict_version, versions)


def close(connection: Connection, assets: Sequence[int], now: int) -> None:
    """End all verdicts and findings of assets that are gone; who calls it counts the assets again."""
    for some in bulk.chunks(assets):
        rows = connection.execute(select(schema.verdict).where(among(schema.verdict.c.asset_pk, some))).all()
        close_versions(connection, rows, now)
        connection.execute(delete(schema.verdict).where(among(schema.verdict.c.asset_pk, some)))
        finding = schema.finding.c
        query = select(schema.finding).where(among(finding.asset_pk, some), finding.resolved_at.is_(None))
        Exceptions.resolve(connection, connection.execute(query).all(), now)


class Verdicts:
    """Reads and writes packed verdicts."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def write(self, scope_pass: ScopePass, judged: Iterable[Judged]) -> None:
        """Write one phase of a scope's verdicts; the other phase is left as it is.

        Assets that are gone by now are left out. Raises :class:`StaleFence` if a newer scan has begun there.
        """
        wanted = {one.asset_id: one for one in judged}
        self._core.names.checks({check for one in wanted.values() for check in one.verdicts})
        now = self._core.database.now()
        with self._core.write() as connection:
            for scope in _scopes(connection, scope_pass):
                lock_scope(connection, scope)
                _refuse_stale(connection, scope, scope_pass)
                places = list(_places(connection, scope, wanted))
                Writer(self._core, connection, now).write(scope_pass.phase, places)
                self._core.apply_effects(connection, {p.asset_pk for p in places}, now)

    def exceptions(self, scope_pass: ScopePass) -> dict[str, tuple[OpenFinding, ...]]:
        """Return asset id -> its open findings, in order of their checks, for the present assets of a scope."""
        found: dict[str, list[OpenFinding]] = defaultdict(list)
        finding, asset, check = schema.finding.c, schema.asset.c, schema.check.c
        query = select(_asset_id(), check.id.label("check"), finding.state, finding.severity)
        query = query.join_from(schema.finding, schema.asset, asset.pk == finding.asset_pk)
        query = query.join(schema.check, check.pk == finding.check_pk)
        query = query.where(finding.resolved_at.is_(None), asset.gone_at.is_(None)).order_by(asset.pk, check.id)
        with self._core.database.read() as connection:
            scopes = _scopes(connection, scope_pass)
            for row in connection.execute(query.where(finding.scope_pk.in_(scopes))):
                found[row.id].append(OpenFinding(row.check, STATES[row.state], SEVERITIES[row.severity]))
        return {id: tuple(some) for id, some in found.items()}

    def keys(self, scope_pass: ScopePass) -> dict[str, StoredKey]:
        """Return asset id -> what was stored when it was last judged, for the present assets of a scope."""
        with self._core.database.read() as connection:
            scopes = _scopes(connection, scope_pass)
            query = _keys(scope_pass.phase).where(schema.asset.c.scope_pk.in_(scopes))
            return _read_keys(connection.execute(query))

    def partition_keys(self, key: PartitionKey) -> dict[str, StoredKey]:
        """Return asset id -> what was stored for its own phase, for the present assets of a partition."""
        partition = self._core.names.partition(key)
        with self._core.database.read() as connection:
            query = _keys(Phase.OWN).where(schema.asset.c.partition_pk == partition)
            return _read_keys(connection.execute(query))

    def stored(self, scope_pass: ScopePass) -> Iterator[tuple[str, Mapping[str, Verdict]]]:
        """Yield asset id and check id -> verdict, for the present assets of a scope."""
        ids = self._core.names.check_ids()
        verdict = schema.verdict.c
        with self._core.database.read() as connection:
            query = _of_phase(scope_pass.phase, _asset_id(), verdict.packed)
            query = query.where(schema.asset.c.scope_pk.in_(_scopes(connection, scope_pass)))
            for row in connection.execute(query):
                yield row.id, {ids[p.check]: p.verdict() for p in unpack(row.packed)}


def _scopes(connection: Connection, scope_pass: ScopePass) -> list[int]:
    table = schema.scope.c
    query = select(table.pk).where(table.source == scope_pass.source, table.id == scope_pass.scope)
    return list(connection.execute(query.order_by(table.pk)).scalars())


def _refuse_stale(connection: Connection, scope: int, scope_pass: ScopePass) -> None:
    table = schema.partition.c
    newest = connection.execute(select(func.max(table.scan_pk)).where(table.scope_pk == scope)).scalar_one()
    if scope_pass.scan is not None and newest is not None and newest > scope_pass.scan:
        raise StaleFence(f"A newer scan has begun on {scope_pass.scope}.", "Its result stands; nothing was written.")


def _places(connection: Connection, scope: int, wanted: Mapping[str, Judged]) -> Iterator[Place]:
    table = schema.asset.c
    query = select(table.pk, table.kind_pk, _asset_id()).where(table.scope_pk == scope, table.gone_at.is_(None))
    for row in connection.execute(query):
        if row.id in wanted:
            yield Place(row.pk, scope, row.kind_pk, wanted[row.id])


def _asset_id() -> Any:
    return func.coalesce(schema.asset.c.given_id, schema.asset.c.uid).label("id")


def _of_phase(phase: Phase, *columns: Any) -> Any:
    verdict, asset = schema.verdict.c, schema.asset.c
    query = select(*columns).join_from(schema.verdict, schema.asset, asset.pk == verdict.asset_pk)
    return query.where(verdict.phase == PHASE_NUMBER[phase], asset.gone_at.is_(None))


def _keys(phase: Phase) -> Any:
    verdict = schema.verdict.c
    return _of_phase(phase, _asset_id(), verdict.key, verdict.questions, verdict.next_change_at)


def _read_keys(rows: Iterable[Any]) -> dict[str, StoredKey]:
    return {row.id: StoredKey(row.key, row.questions, maybe_time(row.next_change_at)) for row in rows}
