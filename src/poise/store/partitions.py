"""Writes what one partition gave: the difference to what is stored, in one transaction under its fence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select, update

from poise.model.asset import content_hash
from poise.model.errors import BadInput, StaleFence
from poise.model.judged import Judged
from poise.model.listing import Collected, PartitionKey
from poise.model.listings import PartitionState
from poise.store import bulk, schema
from poise.store.codec import clean
from poise.store.core import Core, lock_scope
from poise.store.writing import New, PartitionResult, Writing


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
            return Writing(self._core, connection, row, kind_pks).write(scan, collected, new, own)


def _encode(collected: Collected) -> dict[str, New]:
    new: dict[str, New] = {}
    for asset in collected.assets:
        uid = uid_of(collected.key.provider, asset.id)
        if asset.scope != collected.key.scope:
            raise BadInput(f"{asset.id} is of scope {asset.scope}, and was collected in {collected.key.scope}.")
        if uid in new and new[uid].asset.KIND != asset.KIND:
            raise BadInput(f"{asset.id} was collected as {new[uid].asset.KIND} and as {asset.KIND}.")
        new[uid] = New(asset, uid, content_hash(asset), collected.places.get(asset.id))
    return new


def _hold(connection: Connection, pk: int, fence: int, key: PartitionKey) -> Row[Any]:
    table = schema.partition
    scope = connection.execute(select(table.c.scope_pk).where(table.c.pk == pk)).scalar_one()
    lock_scope(connection, scope)
    row = connection.execute(bulk.locked(connection, select(table).where(table.c.pk == pk))).one()
    if row.fence != fence or row.state != PartitionState.RUNNING:
        raise StaleFence(f"Another scan has taken over {key}.", "Its result stands; nothing was written.")
    return row
