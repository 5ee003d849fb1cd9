"""Scans and what they covered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import CompoundSelect, Connection, Select, and_, case, insert, or_, select, update

from poise.model.aws.account import AwsRegion
from poise.model.listing import Gap, ListingState, PartitionKey, Scope
from poise.model.listings import (
    Coverage,
    GapRow,
    Page,
    Paging,
    PartitionState,
    ScanRow,
    ScopeCoverage,
    ScopeFilter,
)
from poise.store import bulk, filters, schema
from poise.store.codec import from_moment, maybe_time
from poise.store.core import Core
from poise.store.rows import kind, partition, scope
from poise.store.seeing import visible, visible_scopes

scan, gap, listing = schema.scan.c, schema.gap.c, schema.listing.c
_coverage = msgspec.json.Decoder(Coverage)
NOT_READ = "has not been read yet"

MEASURED = (
    *(schema.asset, schema.asset_summary, schema.check_rollup, schema.finding, schema.kind_rollup, schema.partition),
    *(schema.scope, schema.verdict),
)
"""What lists are made of."""


class Scans:
    """Begins and ends scans, and says what was covered."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def begin(
        self, source: str, command: str, scopes: Collection[Scope] = (), keys: Collection[PartitionKey] = ()
    ) -> int:
        """Begin a scan; return its number. Scopes and partitions to read are written as planned."""
        values = {"source": source, "command": command, "started": self._core.database.now()}
        with self._core.database.write() as connection:
            added = connection.execute(insert(schema.scan).values(values | {"state": PartitionState.RUNNING.value}))
            number = int(added.inserted_primary_key[0])  # type: ignore[index]  # a row was inserted
        self._core.names.plan(source, scopes, keys, number)
        return number

    def plan(
        self, source: str, scopes: Iterable[Scope], keys: Iterable[PartitionKey], number: int | None = None
    ) -> None:
        """Add scopes and partitions that are to be read, found while the scan with this number runs."""
        self._core.names.plan(source, scopes, keys, number)

    def finish(self, number: int, *, interrupted: bool = False) -> ScanRow:
        """End a scan: done if every partition that it planned or claimed is done, failed if all failed, else partial.

        An interrupted scan is partial at best: it did not come to claim all that was planned.
        """
        now = self._core.database.now()
        with self._core.database.write() as connection:
            coverage = read_coverage(connection, None, scan_number=number)
            state = overall([s.state for s in coverage.scopes])
            if interrupted and state is not PartitionState.FAILED:
                state = PartitionState.PARTIAL
            values = {"finished": now, "state": state.value, "coverage": msgspec.json.encode(coverage)}
            connection.execute(update(schema.scan).where(scan.pk == number).values(values))
            bulk.measure_new(connection, MEASURED)
            return _to_scan(connection.execute(select(schema.scan).where(scan.pk == number)).one())

    def page(self, paging: Paging | None = None) -> Page[ScanRow]:
        """Return scans, newest first, without their coverage."""
        paging = paging or Paging()
        sorting = filters.Sorting(scan.pk, falls=True)
        query = select(*(column for column in schema.scan.columns if column.name != "coverage"))
        with self._core.database.read() as connection:
            rows, cursor = filters.part(connection, query, sorting, paging)
            total = filters.total(connection, select(scan.pk), paging.count_up_to)
            return Page(tuple(_to_scan(row) for row in rows), total, cursor)

    def get(self, number: int) -> ScanRow | None:
        """Return a scan with its coverage."""
        with self._core.database.read() as connection:
            row = connection.execute(select(schema.scan).where(scan.pk == number)).first()
            return None if row is None else _to_scan(row)

    def coverage(self, viewer: ScopeFilter) -> Coverage:
        """Return what is covered now, by all scans together."""
        with self._core.database.read() as connection:
            return read_coverage(connection, viewer)

    def partitions_of(self, viewer: ScopeFilter, *, asset: str = "", kind: str = "") -> tuple[PartitionKey, ...]:
        """Return the partitions that an asset came from; or those where a kind is listed, or assets of it are."""
        columns = (scope.source, scope.provider, scope.id.label("scope"), partition.service, partition.region)
        query = select(*columns).join_from(schema.partition, schema.scope, scope.pk == partition.scope_pk)
        query = query.where(*visible(partition.scope_pk, viewer)).order_by(*columns)
        with self._core.database.read() as connection:
            rows = connection.execute(query.where(partition.pk.in_(_holding(asset, kind))))
            return tuple(PartitionKey(row.source, row.provider, row.scope, row.service, row.region) for row in rows)

    def scopes(self, viewer: ScopeFilter) -> tuple[tuple[str, Scope], ...]:
        """Return (source, scope) for every scope that was ever planned or read."""
        query = (
            select(schema.scope)
            .where(*visible_scopes(scope.pk, viewer))
            .order_by(scope.source, scope.provider, scope.id)
        )
        with self._core.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple((r.source, Scope(r.id, r.provider, r.name, tuple(msgspec.json.decode(r.path)))) for r in rows)

    def listing_problems(self, source: str) -> dict[tuple[str, str], str]:
        """Return (kind, scope) -> reason, for each kind whose listing is not complete in a scope.

        A kind that is not in the answer may still never have been listed: see :meth:`listed`.
        """
        with self._core.database.read() as connection:
            return read_problems(connection, source)

    def absences(self, source: str) -> dict[tuple[str, str], str]:
        """Return (kind, scope) -> reason, for each kind that an export lacks, so that its absence proves nothing.

        That is: it was listed in no region, or not in one of which the same service was read otherwise.
        """
        with self._core.database.read() as connection:
            rows = _listings(connection, source)
        listed = [row for row in rows if row.state == ListingState.COMPLETE]
        anywhere = {(row.scope, row.kind) for row in listed}
        read = {(row.scope, row.service, row.region) for row in listed if row.kind != AwsRegion.KIND}
        return {
            (row.kind, row.scope): f"{row.region}: {row.reason}"
            for row in rows
            if row.state == ListingState.NOT_IN_EXPORT
            and ((row.scope, row.kind) not in anywhere or (row.scope, row.service, row.region) in read)
        }

    def listed(self, source: str) -> frozenset[tuple[str, str]]:
        """Return the (kind, scope) that were listed, completely or not."""
        with self._core.database.read() as connection:
            return frozenset((row.kind, row.scope) for row in _listings(connection, source))


RETIRED = "retired"
"""State of the partitions of a scope that was removed with its past kept, until it is read again."""


def _to_scan(row: Any) -> ScanRow:
    blob = getattr(row, "coverage", None)
    return ScanRow(
        id=row.pk,
        source=row.source,
        command=row.command,
        started=from_moment(row.started),
        finished=maybe_time(row.finished),
        state=PartitionState(row.state),
        coverage=_coverage.decode(blob) if blob else None,
    )


def overall(states: Sequence[PartitionState]) -> PartitionState:
    """Return the state of a whole from those of its parts."""
    found = set(states)
    if found <= {PartitionState.DONE}:
        return PartitionState.DONE
    return found.pop() if len(found) == 1 else PartitionState.PARTIAL


def _holding(asset: str, named: str) -> CompoundSelect[Any] | Select[Any]:
    present = schema.asset.c
    held = select(present.partition_pk).where(present.gone_at.is_(None))
    if asset:
        held = held.join_from(schema.asset, schema.scope, scope.pk == present.scope_pk)
        return held.where(*filters.asset_is(asset))
    of_kind = select(kind.pk).where(kind.name == named)
    return held.where(present.kind_pk.in_(of_kind)).union(
        select(listing.partition_pk).where(listing.kind_pk.in_(of_kind))
    )


def read_coverage(connection: Connection, viewer: ScopeFilter, scan_number: int | None = None) -> Coverage:
    """Return the coverage of the partitions of one scan, or of all."""
    of_scan = [] if scan_number is None else [partition.scan_pk == scan_number]
    planned = [] if scan_number is None else [or_(*of_scan, partition.planned_pk == scan_number)]
    state = case((and_(*of_scan), partition.state), else_="planned") if of_scan else partition.state
    query = select(
        scope.pk, scope.id, scope.provider, scope.source, scope.name, state.label("state"), partition.read_at
    )
    query = query.join_from(schema.partition, schema.scope, scope.pk == partition.scope_pk)
    query = query.where(*visible_scopes(scope.pk, viewer), *planned, partition.state != RETIRED).order_by(
        scope.source, scope.provider, scope.id
    )
    by_scope: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        by_scope[row.pk].append(row)
    gaps = select(scope.id, scope.source, partition.region, schema.gap)
    gaps = gaps.join_from(schema.gap, schema.partition, partition.pk == gap.partition_pk)
    gaps = gaps.join(schema.scope, scope.pk == partition.scope_pk).where(*visible(scope.pk, viewer), *of_scan)
    rows = connection.execute(gaps.order_by(scope.source, scope.id, gap.partition_pk, gap.number))
    return Coverage(tuple(_to_coverage(found) for found in by_scope.values()), tuple(_to_gap(row) for row in rows))


def _to_coverage(rows: Sequence[Any]) -> ScopeCoverage:
    first = rows[0]
    reads = [row.read_at for row in rows if row.read_at is not None]
    return ScopeCoverage(
        scope=first.id,
        provider=first.provider,
        source=first.source,
        name=first.name,
        state=overall([PartitionState(row.state) for row in rows]),
        partitions=dict(sorted(Counter(row.state for row in rows).items())),
        read_at=maybe_time(min(reads, default=None)),
    )


def _to_gap(row: Any) -> GapRow:
    found = Gap(row.service, row.call, row.reason, row.permission, bool(row.expected), row.count)
    return GapRow(row.id, row.source, row.region, found)


def _listings(connection: Connection, source: str) -> Sequence[Any]:
    query = select(
        kind.name.label("kind"),
        scope.id.label("scope"),
        partition.service,
        partition.region,
        listing.state,
        listing.reason,
    )
    query = query.join_from(schema.listing, schema.partition, partition.pk == listing.partition_pk)
    query = query.join(schema.scope, scope.pk == partition.scope_pk).join(schema.kind, kind.pk == listing.kind_pk)
    return connection.execute(query.where(scope.source == source).order_by(partition.region)).all()


def read_problems(connection: Connection, source: str) -> dict[tuple[str, str], str]:
    """Return (kind, scope) -> reason; a region never read makes the kinds of its service incomplete."""
    rows = _listings(connection, source)
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        kinds[row.scope, row.service].add(row.kind)
        if row.state not in (ListingState.COMPLETE, ListingState.NOT_OFFERED, ListingState.NOT_IN_EXPORT):
            reasons[row.kind, row.scope].append(f"{row.region}: {row.reason or row.state}")
    query = select(scope.id.label("scope"), partition.service, partition.region)
    query = query.join_from(schema.partition, schema.scope, scope.pk == partition.scope_pk)
    unread = query.where(scope.source == source, partition.read_at.is_(None)).order_by(partition.region)
    for row in connection.execute(unread):
        for name in kinds[row.scope, row.service] - _listed_there(rows, row):
            reasons[name, row.scope].append(f"{row.region} {NOT_READ}")
    return {key: _sentence(found) for key, found in sorted(reasons.items())}


def _listed_there(rows: Sequence[Any], where: Any) -> set[str]:
    here = (where.scope, where.service, where.region)
    return {row.kind for row in rows if (row.scope, row.service, row.region) == here}


def _sentence(reasons: Sequence[str]) -> str:
    more = f"; and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return "; ".join(reasons[:3]) + more
