"""Writes the difference between what a partition gave and what is stored, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from poise.model.asset import Asset
from poise.model.judged import Judged, Phase
from poise.model.listing import Collected, Gap, Listing, ListingState
from poise.model.listings import PartitionState
from poise.store import bulk, schema, verdicts
from poise.store.codec import clean, to_moment, write_asset, write_tags
from poise.store.core import Core


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
    content_hash: bytes
    place: str | None


class Writing:
    """One write of one partition."""

    def __init__(self, core: Core, connection: Connection, row: Row[Any], kinds: Mapping[str, int]) -> None:
        self._core = core
        self._connection = connection
        self._row = row
        self._kinds = kinds
        self._now = core.database.now()

    def write(self, scan: int, collected: Collected, new: dict[str, New], own: Mapping[str, Judged]) -> PartitionResult:
        """Write everything: ``new`` assets and ``own`` verdicts, by uid."""
        listings = worst_listings(collected.listings)
        stored = self._stored()
        known = stored | self._elsewhere(new.keys() - stored.keys())
        added = [one for uid, one in new.items() if uid not in known]
        found = [(known[uid], one) for uid, one in new.items() if uid in known]
        changed = [(row, one) for row, one in found if self._differs(row, one)]
        missing = [row for uid, row in stored.items() if uid not in new]
        complete = {self._kinds[li.kind] for li in listings if li.state is ListingState.COMPLETE}
        gone = [row for row in missing if row.kind_pk in complete]
        kept = [row for row in missing if row.kind_pk not in complete]
        fresh = self._insert(added)
        self._change(changed)
        self._remove(gone)
        numbers = fresh | {row.uid: row.pk for row in known.values()}
        places = [self._place(uid, numbers[uid], new[uid].asset, one) for uid, one in own.items() if uid in new]
        writer = verdicts.Writer(self._core, self._connection, self._now)
        writer.write(Phase.OWN, places, frozenset(fresh.values()))
        state = self._finish(scan, collected, listings, kept)
        touched = {*fresh.values(), *(place.asset_pk for place in places)}
        touched |= {row.pk for row, _ in changed} | {row.pk for row in gone}
        self._core.apply_effects(self._connection, touched, self._now)
        return PartitionResult(state, len(added), len(changed), len(gone), len(kept))

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
        same = (row.content_hash == one.content_hash, row.partition_pk == self._row.pk)
        return not all(same) or row.gone_at is not None or row.place != one.place or row.kept_from is not None

    def _insert(self, added: list[New]) -> dict[str, int]:
        keys = bulk.take_asset_keys(self._connection, len(added))
        rows = [(*self._values(key, one), self._now, self._now) for key, one in zip(keys, added, strict=True)]
        bulk.insert_rows(self._connection, schema.asset, (*VALUES, "first_seen", "changed_at"), rows)
        documents = [(key, write_asset(one.asset)) for key, one in zip(keys, added, strict=True)]
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
            one.content_hash,
            len(asset.unread),
            one.place,
        )

    def _change(self, changed: list[tuple[Row[Any], New]]) -> None:
        differ = [(row, one) for row, one in changed if row.content_hash != one.content_hash or row.gone_at]
        self._write_versions([row for row, _ in differ])
        bulk.put_rows(
            self._connection,
            schema.document,
            [{"asset_pk": row.pk, "document": write_asset(one.asset)} for row, one in differ],
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
        verdicts.close(self._connection, [row.pk for row in gone], self._now)
        bulk.update_rows(
            self._connection, schema.asset, ("pk",), [{"pk": row.pk, "gone_at": self._now} for row in gone]
        )

    def _finish(
        self, scan: int, collected: Collected, listings: Sequence[Listing], kept: list[Row[Any]]
    ) -> PartitionState:
        table = schema.partition
        state = state_of(collected)
        values: dict[str, Any] = {"state": state.value, "scan_pk": scan}
        if state is PartitionState.FAILED:
            self._spoil_listings(collected.gaps)
        else:
            self._keep(kept)
            values["read_at"] = to_moment(collected.read_at)
        self._connection.execute(update(table).where(table.c.pk == self._row.pk).values(values))
        self._write_listings(listings)
        self._write_gaps(collected.gaps)
        return state

    def _spoil_listings(self, gaps: Iterable[Gap]) -> None:
        """Make what was listed before incomplete: it was not listed now."""
        table = schema.listing
        reason = clean(next((gap.reason for gap in gaps if not gap.expected), "could not be read"))
        old = update(table).where(table.c.partition_pk == self._row.pk)
        self._connection.execute(old.values(state=ListingState.PARTIAL.value, reason=reason))

    def _write_listings(self, listings: Sequence[Listing]) -> None:
        rows = [
            {
                "partition_pk": self._row.pk,
                "kind_pk": self._kinds[listing.kind],
                "state": listing.state.value,
                "reason": clean(listing.reason),
            }
            for listing in listings
        ]
        bulk.put_rows(self._connection, schema.listing, rows)

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
    was_read = any(li.state is ListingState.COMPLETE for li in collected.listings)
    return PartitionState.PARTIAL if was_read or collected.assets else PartitionState.FAILED


WORST_LAST = (
    *(ListingState.NOT_OFFERED, ListingState.COMPLETE, ListingState.NOT_IN_EXPORT),
    *(ListingState.PARTIAL, ListingState.DENIED),
)


def worst_listings(listings: Iterable[Listing]) -> tuple[Listing, ...]:
    """Return one listing for each kind: the worst, where a kind was listed in several calls."""
    ordered = sorted(listings, key=lambda listing: WORST_LAST.index(listing.state))
    return tuple({listing.kind: listing for listing in ordered}.values())


FINE = (ListingState.COMPLETE, ListingState.NOT_OFFERED, ListingState.NOT_IN_EXPORT)
