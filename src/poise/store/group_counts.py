"""Counts of checks over groups of assets: from summaries, so that an asset in several groups is counted once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, func, select

from poise.model.listings import AssetFilter, FindingFilter, ScopeFilter
from poise.store import filters, schema
from poise.store.codec import read_pairs
from poise.store.rows import summary

UNHEALTHY = schema.BUCKETS.index("unhealthy")


def rows(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter | AssetFilter) -> Sequence[Any]:
    """Return what the check roll-ups would say of the groups: a row for each check."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    scopes: dict[int, set[int]] = defaultdict(set)
    for place, counted, number in _alike(connection, viewer, wanted):
        for check, code in read_pairs(counted):
            counts[check][schema.BUCKETS[code & 7]] += number
            if code & 7 == UNHEALTHY:
                scopes[check].add(place)
                counts[check].update({schema.RISKS[(code >> 3) - 1]: number} if code >> 3 else {})
    names = {row.pk: row.id for row in connection.execute(select(schema.check))}
    known = (*schema.BUCKETS, *schema.RISKS)
    return [
        SimpleNamespace(check_pk=key, id=names[key], scopes=len(scopes[key]), **{name: count[name] for name in known})
        for key, count in sorted(counts.items())
    ]


def _alike(
    connection: Connection, viewer: ScopeFilter, wanted: FindingFilter | AssetFilter
) -> Sequence[tuple[int, bytes, int]]:
    query = select(summary.scope_pk, summary.counted, func.count())
    query = query.where(*filters.of_scopes(connection, viewer, wanted, summary.scope_pk, summary.asset_pk))
    query = query.where(*filters.in_groups(wanted, summary.asset_pk)).group_by(summary.scope_pk, summary.counted)
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]
