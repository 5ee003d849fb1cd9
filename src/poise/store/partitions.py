"""Writes what one partition gave: the difference to what is stored, in one transaction under its fence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from poise.model.asset import Asset
from poise.model.errors import BadInput, StaleFence
from poise.model.judged import Judged, Phase
from poise.model.listing import Collected, Gap, ListingState, PartitionKey
from poise.model.listings import PartitionState
from poise.store import bulk, schema, verdicts
from poise.store.codec import Written, clean, to_moment, write_asset, write_tags
from poise.store.core import Core, lock_scope


class PartitionResult(msgspec.Struct, frozen=True):
    """What a write changed."""

    state: PartitionState
    added: int
    changed: int
    removed: int
    kept: int
    """Assets that were not seen again, though no complete listing says that they are gone."""


class New(NamedTuple):
    """An asset to write."""

    asset: Asset
    uid: str
    written: Written
    place: str | None


def uid_of(provider: str, id: str) -> str:
    """Return the id in the form that is compared: ARM ids are the same in any case."""
    return clean(id.lower() if provider == "azure" else id)


class Partitions:
    """Claims and writes partitions."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def claim(self, scan: int, key: PartitionKey) -> int:
        """Take a partition for a scan; return the fence that its write must show.

        A claim takes the place of any earlier one, so that a killed process blocks nobody.
        """
        pk = self._core.names.partition(key)
        table = schema.partition.c
        with self._core.database.write() as connection:
            change = update(schema.partition).where(table.pk == pk)
            change = change.values(scan_pk=scan, fence=table.fence + 1, epoch=table.epoch + 1, state="running")
            connection.execute(change)
            return int(connection.execute(select(table.fence).where(table.pk == pk)).scalar_one())

    def write(self, scan: int, collected: Collected, fence: int, judged: Iterable[Judged] = ()) -> PartitionResult:
        """Write a partition whole, with the verdicts of its own phase, or not at all.

        Assets that are not in it are removed only if the listing of their kind is complete. Raises
        :class:`StaleFence` if the partition was claimed again since.
        """
        own = {uid_of(collected.key.provider, one.asset_id): one for one in judged}
        new = _encode(collected)
        self._core.names.checks({check for one in own.values() for check in one.verdicts})
        kinds = {(a.KIND, a.PROVIDER) for a in collected.assets}
        kinds |= {(listing.kind, collected.key.provider) for listing in collected.listings}
        kind_pks = self._core.names.kinds(kinds)
        pk = self._core.names.partition(collected.key)
        with self._core.write() as connection:
            row = _hold(connection, pk, fence, collected.key)
            return _Writing(self._core, connection, row, kind_pks).write(scan, collected, new, own)


def _encode(collected: Collected) -> dict[str, New]:
    new: dict[str, New] = {}
    for asset in collected.assets:
        uid = uid_of(collected.key.provider, asset.id)
        if asset.scope != collected.key.scope:
            raise BadInput(f"{asset.id} is of scope {asset.scope}, and was collected in {collected.key.scope}.")
        if uid in new and new[uid].asset.KIND != asset.KIND:
            raise BadInput(f"{asset.id} was collected as {new[uid].asset.KIND} and as {asset.KIND}.")
        new[uid] = New(asset, uid, write_asset(asset), collected.places.get(asset.id))
    return new


def _hold(connection: Connection, pk: int, fence: int, key: PartitionKey) -> Row[Any]:
    table = schema.partition
    scope = connection.execute(select(table.c.scope_pk).where(table.c.pk == pk)).scalar_one()
    lock_scope(connection, scope)
    row = connection.execute(bulk.locked(connection, select(table).where(table.c.pk == pk))).one()
    if row.fence != fence or row.state != PartitionState.RUNNING:
        raise StaleFence(f"Another scan has taken over {key}.", "Its result stands; nothing was written.")
    return row


class _Writing:
    """One write of one partition."""

    def __init__(self, core: Core, connection: Connection, row: Row[Any], kinds: Mapping[str, int]) -> None:
        self._core = core
        self._connection = connection
        self._row = row
        self._kinds = kinds
        self._now = core.database.now()

    def write(self, scan: int, collected: Collected, new: dict[str, New], own: Mapping[str, Judged]) -> PartitionResult:
        state = state_of(collected)
        stored = self._stored()
        elsewhere = self._elsewhere(new.keys() - stored.keys())
        known = stored | elsewhere
        added = [one for uid, one in new.items() if uid not in known]
        found = [(known[uid], one) for uid, one in new.items() if uid in known]
        changed = [(row, one) for row, one in found if self._differs(row, one)]
        missing = [row for uid, row in stored.items() if uid not in new]
        complete = {self._kinds[li.kind] for li in collected.listings if li.state is ListingState.COMPLETE}
        gone = [row for row in missing if row.kind_pk in complete]
        kept = [row for row in missing if row.kind_pk not in complete]
        numbers = self._insert(added)
        self._change(changed)
        if state is not PartitionState.FAILED:
            self._keep(kept)
        verdicts.close(self._connection, [row.pk for row in gone], self._now)
        self._remove(gone)
        numbers |= {row.uid: row.pk for row in known.values()}
        places = [self._place(uid, numbers[uid], new[uid].asset, one) for uid, one in own.items() if uid in new]
        fresh = frozenset(numbers[one.uid] for one in added)
        self._writer().write(Phase.OWN, places, fresh)
        self._finish(scan, collected, state)
        touched = [
            *fresh,
            *(p.asset_pk for p in places),
            *(row.pk for row, _ in changed),
            *(row.pk for row in gone),
        ]
        self._core.apply_effects(self._connection, set(touched), self._now)
        return PartitionResult(state, len(added), len(changed), len(gone), len(kept))

    def _writer(self) -> verdicts.Writer:
        return verdicts.Writer(self._core, self._connection, self._now)

    def _place(self, uid: str, pk: int, asset: Asset, judged: Judged) -> verdicts.Place:
        return verdicts.Place(pk, self._row.scope_pk, self._kinds[asset.KIND], judged)

    def _stored(self) -> dict[str, Row[Any]]:
        table = schema.asset.c
        query = _assets().where(table.partition_pk == self._row.pk, table.gone_at.is_(None))
        return {row.uid: row for row in self._connection.execute(query)}

    def _elsewhere(self, uids: Iterable[str]) -> dict[str, Row[Any]]:
        """Return assets that were gone, or were in another partition of the scope."""
        query = _assets().where(schema.asset.c.scope_pk == self._row.scope_pk)
        rows = bulk.in_chunks(self._connection, query, schema.asset.c.uid, sorted(uids))
        return {row.uid: row for row in rows}

    def _differs(self, row: Row[Any], one: New) -> bool:
        same = (row.content_hash == one.written.content_hash, row.partition_pk == self._row.pk)
        return not all(same) or row.gone_at is not None or row.place != one.place or row.kept_from is not None

    def _insert(self, added: list[New]) -> dict[str, int]:
        keys = bulk.take_asset_keys(self._connection, len(added))
        rows = [(*self._values(key, one), self._now, self._now) for key, one in zip(keys, added, strict=True)]
        bulk.insert_rows(self._connection, schema.asset, (*VALUES, "first_seen", "changed_at"), rows)
        documents = [(key, one.written.document) for key, one in zip(keys, added, strict=True)]
        bulk.insert_rows(self._connection, schema.document, ("asset_pk", "document"), documents)
        return {one.uid: key for key, one in zip(keys, added, strict=True)}

    def _values(self, key: int, one: New) -> tuple[Any, ...]:
        asset = one.asset
        return (
            key,
            self._row.pk,
            self._row.scope_pk,
            self._kinds[asset.KIND],
            one.uid,
            None if one.uid == asset.id else clean(asset.id),
            clean(asset.name),
            clean(asset.region),
            write_tags(asset),
            one.written.content_hash,
            len(asset.unread),
            one.place,
        )

    def _change(self, changed: list[tuple[Row[Any], New]]) -> None:
        differ = [(row, one) for row, one in changed if row.content_hash != one.written.content_hash or row.gone_at]
        self._write_versions([row for row, _ in differ])
        bulk.put_rows(
            self._connection,
            schema.document,
            [{"asset_pk": row.pk, "document": one.written.document} for row, one in differ],
        )
        began = {row.pk: self._now for row, _ in differ}
        rows = [
            dict(zip(VALUES, self._values(row.pk, one), strict=True))
            | {"changed_at": began.get(row.pk, row.changed_at), "gone_at": None, "kept_from": None}
            for row, one in changed
        ]
        bulk.update_rows(self._connection, schema.asset, ("pk",), rows)

    def _write_versions(self, rows: list[Row[Any]]) -> None:
        ends = {row.pk: (row.changed_at, row.gone_at or self._now) for row in rows}
        query = select(schema.document)
        old = bulk.in_chunks(self._connection, query, schema.document.c.asset_pk, ends)
        versions = [
            {"asset_pk": o.asset_pk, "valid_from": start, "valid_to": end, "document": o.document}
            for o in old
            for start, end in (ends[o.asset_pk],)
            if start < end
        ]
        bulk.put_rows(self._connection, schema.asset_version, versions)

    def _keep(self, kept: list[Row[Any]]) -> None:
        if self._row.read_at is None:
            return
        rows = [{"pk": row.pk, "kept_from": self._row.read_at} for row in kept if row.kept_from is None]
        bulk.update_rows(self._connection, schema.asset, ("pk",), rows)

    def _remove(self, gone: list[Row[Any]]) -> None:
        bulk.update_rows(
            self._connection, schema.asset, ("pk",), [{"pk": row.pk, "gone_at": self._now} for row in gone]
        )

    def _finish(self, scan: int, collected: Collected, state: PartitionState) -> None:
        table = schema.partition
        values: dict[str, Any] = {"state": state.value, "scan_pk": scan}
        if state is not PartitionState.FAILED:
            values["read_at"] = to_moment(collected.read_at)
        self._connection.execute(update(table).where(table.c.pk == self._row.pk).values(values))
        self._write_listings(collected, state)
        self._write_gaps(collected.gaps)

    def _write_listings(self, collected: Collected, state: PartitionState) -> None:
        table = schema.listing
        if state is PartitionState.FAILED:
            reason = clean(next((gap.reason for gap in collected.gaps if not gap.expected), "could not be read"))
            old = update(table).where(table.c.partition_pk == self._row.pk)
            self._connection.execute(old.values(state=ListingState.PARTIAL.value, reason=reason))
        rows = [
            {
                "partition_pk": self._row.pk,
                "kind_pk": self._kinds[listing.kind],
                "state": listing.state.value,
                "reason": clean(listing.reason),
            }
            for listing in collected.listings
        ]
        bulk.put_rows(self._connection, table, rows)

    def _write_gaps(self, gaps: Iterable[Gap]) -> None:
        self._connection.execute(delete(schema.gap).where(schema.gap.c.partition_pk == self._row.pk))
        rows = [
            (
                self._row.pk,
                n,
                clean(g.service),
                clean(g.call),
                clean(g.reason),
                g.permission,
                int(g.expected),
                g.count,
            )
            for n, g in enumerate(gaps)
        ]
        names = ("partition_pk", "number", "service", "call", "reason", "permission", "expected", "count")
        bulk.insert_rows(self._connection, schema.gap, names, rows)


VALUES = (
    "pk",
    "partition_pk",
    "scope_pk",
    "kind_pk",
    "uid",
    "given_id",
    "name",
    "region",
    "tags",
    "content_hash",
    "unread",
    "place",
)


def _assets() -> Any:
    table = schema.asset.c
    return select(
        table.pk,
        table.uid,
        table.partition_pk,
        table.kind_pk,
        table.content_hash,
        table.place,
        table.changed_at,
        table.kept_from,
        table.gone_at,
    )


def state_of(collected: Collected) -> PartitionState:
    """Return done if nothing is missing that could be cured, failed if nothing was read, else partial."""
    if collected.is_complete and all(li.state in FINE for li in collected.listings):
        return PartitionState.DONE
    was_read = any(li.state in (ListingState.COMPLETE, ListingState.PARTIAL) for li in collected.listings)
    return PartitionState.PARTIAL if was_read or collected.assets else PartitionState.FAILED


FINE = (ListingState.COMPLETE, ListingState.NOT_OFFERED)
