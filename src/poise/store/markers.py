"""What happened to the estate besides its assets: check packs, scopes and exemptions. Marks on the line of a score."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from poise.model.listings import ScopeFilter
from poise.store import schema
from poise.store.codec import from_moment
from poise.store.rows import scope
from poise.store.seeing import visible, visible_scopes

facts, judging, exemption = schema.facts_version.c, schema.judging.c, schema.exemption.c
exempted, asset = schema.exempted.c, schema.asset.c
switch, past = schema.switch.c, schema.switch_version.c


class MarkerKind(enum.StrEnum):
    """What sort of event it is."""

    CHECKS = "checks"
    SCOPE = "scope"
    EXEMPTION = "exemption"


class Marker(msgspec.Struct, frozen=True):
    """One event."""

    at: datetime
    kind: MarkerKind
    says: str


def of_checks(connection: Connection) -> Iterator[Marker]:
    """Yield when other code or other checks began to judge, and when checks were switched off and on."""
    moments = set(connection.execute(select(facts.valid_from).where(facts.valid_from > 0)).scalars())
    first = select(judging.scope_pk, func.min(judging.begun).label("begun")).group_by(judging.scope_pk).subquery()
    later = select(judging.begun).join(first, first.c.scope_pk == judging.scope_pk)
    moments |= set(connection.execute(later.where(judging.begun > first.c.begun)).scalars())
    for moment in sorted(moments):
        yield Marker(from_moment(moment), MarkerKind.CHECKS, "Checks or their parameters changed")
    names = {row.pk: row.id for row in connection.execute(select(schema.check))}
    for row in connection.execute(select(switch.check_pk, switch.since).distinct()):
        yield Marker(from_moment(row.since), MarkerKind.CHECKS, f"{names[row.check_pk]} switched off")
    for span in connection.execute(select(past.check_pk, past.valid_from, past.valid_to).distinct()):
        yield Marker(from_moment(span.valid_from), MarkerKind.CHECKS, f"{names[span.check_pk]} switched off")
        yield Marker(from_moment(span.valid_to), MarkerKind.CHECKS, f"{names[span.check_pk]} switched on")


def of_scopes(connection: Connection, viewer: ScopeFilter) -> Iterator[Marker]:
    """Yield when each scope was first read: when anything first judged it."""
    query = select(scope.id, func.min(judging.begun).label("begun"))
    query = query.join_from(schema.scope, schema.judging, judging.scope_pk == scope.pk)
    for row in connection.execute(query.where(*visible_scopes(scope.pk, viewer)).group_by(scope.id)):
        yield Marker(from_moment(row.begun), MarkerKind.SCOPE, f"{row.id} first read")


def of_exemptions(connection: Connection, viewer: ScopeFilter) -> Iterator[Marker]:
    """Yield when exemptions were added, removed, and when they ended; of those that now cover what the viewer sees."""
    query = select(exemption.name, exemption.added_at, exemption.removed_at, exemption.until)
    if viewer is not None:
        seen = visible(asset.scope_pk, viewer, asset.pk)
        covering = select(exempted.exemption_pk).join_from(schema.exempted, schema.asset, asset.pk == exempted.asset_pk)
        query = query.where(exemption.pk.in_(covering.where(*seen)))
    for row in connection.execute(query):
        yield Marker(from_moment(row.added_at), MarkerKind.EXEMPTION, f"Exemption {row.name} added")
        if row.removed_at is not None:
            yield Marker(from_moment(row.removed_at), MarkerKind.EXEMPTION, f"Exemption {row.name} removed")
        else:
            yield Marker(from_moment(row.until), MarkerKind.EXEMPTION, f"Exemption {row.name} ends")
