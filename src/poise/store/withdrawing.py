"""Takes back what checks said that are checks no more: their verdicts and findings end, all others stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, Row, select

from poise.store import bulk, schema
from poise.store.among import among
from poise.store.codec import number_pairs, pack, read_pairs, unpack
from poise.store.core import Core, lock_all_scopes
from poise.store.exceptions import Exceptions
from poise.store.verdicts import close_versions

CHANGED = ("key", "questions", "states", "packed")


def withdraw(core: Core, checks: Collection[str]) -> int:
    """End the verdicts of checks, by id, now; return of how many assets.

    What was said stays in the history. The assets are judged anew by the next scan even if nothing else changed, so
    that a check which comes back is not missed.
    """
    numbers = {number for number, id in core.names.check_ids().items() if id in checks}
    if not numbers:
        return 0
    now = core.database.now()
    with core.write() as connection:
        lock_all_scopes(connection)
        assets = set()
        for some in bulk.chunks(_holders(connection, numbers)):
            _take_out(connection, some, numbers, now)
            assets |= {asset for asset, _ in some}
        finding = schema.finding.c
        query = select(schema.finding).where(among(finding.check_pk, sorted(numbers)), finding.resolved_at.is_(None))
        found = connection.execute(query).all()
        Exceptions.resolve(connection, found, now)
        core.apply_effects(connection, assets | {row.asset_pk for row in found}, now)
    return len(assets)


def _holders(connection: Connection, numbers: Collection[int]) -> Sequence[tuple[int, int]]:
    """Return asset and phase of the present verdicts that some checks gave."""
    table = schema.verdict.c
    rows = connection.execute(select(table.asset_pk, table.phase, table.states))
    return [(row.asset_pk, row.phase) for row in rows if any(check in numbers for check, _ in read_pairs(row.states))]


def _take_out(connection: Connection, holders: Sequence[tuple[int, int]], numbers: Collection[int], now: int) -> None:
    rows = list(_rows(connection, holders))
    close_versions(connection, rows, now)
    changes = []
    for row in rows:
        kept = [one for one in unpack(row.packed) if one.check not in numbers]
        states = number_pairs([pair for pair in read_pairs(row.states) if pair[0] not in numbers])
        values = dict(zip(CHANGED, (b"", None, states, pack([tuple(one) for one in kept])), strict=True))
        changes.append({"asset_pk": row.asset_pk, "phase": row.phase, "valid_from": now, **values})
    bulk.update_rows(connection, schema.verdict, ("asset_pk", "phase"), changes)


def _rows(connection: Connection, holders: Sequence[tuple[int, int]]) -> Iterator[Row[tuple[int, ...]]]:
    wanted = set(holders)
    assets = sorted({asset for asset, _ in wanted})
    for row in bulk.in_chunks(connection, select(schema.verdict), schema.verdict.c.asset_pk, assets):
        if (row.asset_pk, row.phase) in wanted:
            yield row
