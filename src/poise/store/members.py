"""Who is in which group of assets: found anew when a group changes and after each scan.

An asset of which a fact was not read that decides is in no group for certain; it is counted as one that may be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, delete, select, update

from poise.model.group import Asked, Wanted
from poise.model.listings import AssetFilter, AssetRow
from poise.store import bulk, filters, schema
from poise.store.among import among
from poise.store.codec import unread_of
from poise.store.rows import ASSET_ROW_COLUMNS, asset, asset_id, present_asset_tables, summary, to_asset_row

group, member, document = schema.asset_group.c, schema.group_member.c, schema.document.c
NOT_ASKED = "the question was not asked yet: scan again"
Definitions = Mapping[int, tuple[Wanted, Asked | None]]
"""Number of a group -> what it holds, and the answer to its question."""


class _Members(NamedTuple):
    """Numbers of assets."""

    sure: set[int]
    """Those that are in the group."""
    possible: set[int]
    """Those that may be besides."""


def fill(connection: Connection, wanted: Definitions, now: int) -> None:
    """Make the members of groups be those that their definitions mean now."""
    tagless = _tagless(connection) if any(map(_asks_tags, wanted.values())) else set()
    for key, (one, asked) in wanted.items():
        answer = asked or (Asked(gap=NOT_ASKED) if one.query else None)
        gap = "" if answer is None else answer.gap
        if answer is not None and answer.found is None:
            connection.execute(update(schema.asset_group).where(group.pk == key).values(gap=gap))
            continue
        found = _found(connection, one, answer, tagless)
        _write(connection, key, found.sure)
        values = {"possible": len(found.possible), "gap": gap, "filled_at": now}
        connection.execute(update(schema.asset_group).where(group.pk == key).values(values))


def would_hold(
    connection: Connection, wanted: Wanted, asked: Asked | None, most: int
) -> tuple[int, int, str, tuple[AssetRow, ...]]:
    """Return how many assets a definition means and may mean besides, what is not known, and the first, by risk."""
    tagless = _tagless(connection) if _asks_tags((wanted, asked)) else set()
    found = _found(connection, wanted, asked, tagless)
    query = select(*ASSET_ROW_COLUMNS).select_from(present_asset_tables()).where(among(asset.pk, sorted(found.sure)))
    rows = connection.execute(query.order_by(summary.risk.desc(), asset.pk).limit(most))
    return len(found.sure), len(found.possible), asked.gap if asked else "", tuple(map(to_asset_row, rows))


def empty(connection: Connection, key: int) -> None:
    """Take every asset out of a group."""
    connection.execute(delete(schema.group_member).where(member.group_pk == key))


def _asks_tags(definition: tuple[Wanted, Asked | None]) -> bool:
    wanted, asked = definition
    return bool(wanted.tags) or (asked is not None and asked.by_tags is not None)


def _found(connection: Connection, wanted: Wanted, asked: Asked | None, tagless: set[int]) -> _Members:
    plain = wanted.filter()
    sure = _keys(connection, plain)
    possible = _keys(connection, msgspec.structs.replace(plain, tags={})) & tagless - sure if wanted.tags else set()
    if asked is None:
        return _Members(sure, possible)
    found, may = (_with_ids(connection, ids) for ids in (asked.found or frozenset(), asked.possible))
    if asked.by_tags is not None:
        may |= _with_ids(connection, asked.by_tags) & tagless
        found -= tagless
    members = sure & found
    return _Members(members, (sure | possible) & (found | may) - members)


def _keys(connection: Connection, wanted: AssetFilter) -> set[int]:
    query = select(asset.pk).select_from(present_asset_tables())
    return set(connection.execute(query.where(*filters.of_assets(connection, None, wanted))).scalars())


def _with_ids(connection: Connection, ids: Collection[str]) -> set[int]:
    """Return the numbers of present assets with these ids; ids of Azure are kept in lower case beside the given one."""
    query = select(asset.pk, asset_id.label("id")).where(asset.gone_at.is_(None))
    forms = sorted({form for id in ids for form in (id, id.lower())})
    return {row.pk for row in bulk.in_chunks(connection, query, asset.uid, forms) if row.id in ids}


def _tagless(connection: Connection) -> set[int]:
    """Return the assets whose tags were not read."""
    query = select(asset.pk, document.document).join_from(schema.asset, schema.document, document.asset_pk == asset.pk)
    query = query.where(asset.gone_at.is_(None), asset.unread > 0).execution_options(yield_per=1000)
    rows = connection.execute(query)
    return {row.pk for row in rows if "tags" in unread_of(row.document)}


def _write(connection: Connection, key: int, meant: Iterable[int]) -> None:
    wanted = set(meant)
    there = set(connection.execute(select(member.asset_pk).where(member.group_pk == key)).scalars())
    for some in bulk.chunks(sorted(there - wanted)):
        connection.execute(delete(schema.group_member).where(member.group_pk == key, among(member.asset_pk, some)))
    rows = [(key, number) for number in sorted(wanted - there)]
    bulk.insert_rows(connection, schema.group_member, ("group_pk", "asset_pk"), rows)
