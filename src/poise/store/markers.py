"""What happened to the estate besides its assets: check packs, scopes and exemptions. Marks on the line of a score.

Everything takes the viewer and the assets that are wanted, of whose filter the scopes and groups count here.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from datetime import datetime

import msgspec
import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from poise.model.exemption import Covers
from poise.model.listings import AssetFilter, ScopeFilter
from poise.model.viewer import GROUP
from poise.store import schema
from poise.store.codec import from_moment
from poise.store.rollups import EVERYWHERE
from poise.store.rows import scope
from poise.store.seeing import Conditions, members, visible, visible_scopes

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


def of_checks(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter) -> Iterator[Marker]:
    """Yield when other code or other checks began to judge, and when checks were switched off and on."""
    moments = set(connection.execute(select(facts.valid_from).where(facts.valid_from > 0)).scalars())
    first = select(judging.scope_pk, func.min(judging.begun).label("begun")).group_by(judging.scope_pk).subquery()
    later = select(judging.begun).join(first, first.c.scope_pk == judging.scope_pk)
    later = later.where(judging.begun > first.c.begun, *_places(judging.scope_pk, viewer, wanted))
    moments |= set(connection.execute(later).scalars())
    for moment in sorted(moments):
        yield Marker(from_moment(moment), MarkerKind.CHECKS, "Checks or their parameters changed")
    names = {row.pk: row.id for row in connection.execute(select(schema.check))}
    off = select(switch.check_pk, switch.since).where(_switched(switch.scope_pk, viewer, wanted))
    for row in connection.execute(off.distinct()):
        yield Marker(from_moment(row.since), MarkerKind.CHECKS, f"{names[row.check_pk]} switched off")
    ended = select(past.check_pk, past.valid_from, past.valid_to).where(_switched(past.scope_pk, viewer, wanted))
    for span in connection.execute(ended.distinct()):
        yield Marker(from_moment(span.valid_from), MarkerKind.CHECKS, f"{names[span.check_pk]} switched off")
        yield Marker(from_moment(span.valid_to), MarkerKind.CHECKS, f"{names[span.check_pk]} switched on")


def of_scopes(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter) -> Iterator[Marker]:
    """Yield when each scope was first read: when anything first judged it."""
    query = select(scope.id, func.min(judging.begun).label("begun"))
    query = query.join_from(schema.scope, schema.judging, judging.scope_pk == scope.pk)
    for row in connection.execute(query.where(*_places(scope.pk, viewer, wanted)).group_by(scope.id)):
        yield Marker(from_moment(row.begun), MarkerKind.SCOPE, f"{row.id} first read")


def of_exemptions(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter, now: int) -> Iterator[Marker]:
    """Yield when exemptions were added, removed, and when they ended; of those that cover what is seen and wanted.

    What one that is over has covered is not kept. So of a part of the estate all those are told that may have covered
    something there, and to a viewer who sees a part none.
    """
    covering, places = _covering(connection, viewer, wanted), _scopes_of(connection, wanted)
    columns = (exemption.pk, exemption.name, exemption.covers)
    for row in connection.execute(select(*columns, exemption.added_at, exemption.removed_at, exemption.until)):
        is_over = row.removed_at is not None or row.until <= now
        may_cover = is_over and viewer is None and _may_cover(row.covers, places, wanted.groups)
        if covering is not None and row.pk not in covering and not may_cover:
            continue
        yield Marker(from_moment(row.added_at), MarkerKind.EXEMPTION, f"Exemption {row.name} added")
        if row.removed_at is not None:
            yield Marker(from_moment(row.removed_at), MarkerKind.EXEMPTION, f"Exemption {row.name} removed")
        else:
            yield Marker(from_moment(row.until), MarkerKind.EXEMPTION, f"Exemption {row.name} ends")


def _covering(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter) -> set[int] | None:
    """Return the numbers of the exemptions that now cover what is seen and wanted; None if that is everything."""
    if viewer is None and not wanted.scopes and not wanted.groups:
        return None
    query = select(exempted.exemption_pk).join_from(schema.exempted, schema.asset, asset.pk == exempted.asset_pk)
    query = query.where(*visible(asset.scope_pk, viewer, asset.pk))
    query = query.where(*visible(asset.scope_pk, wanted.scopes or None))
    if wanted.groups:
        query = query.where(asset.pk.in_(members(wanted.groups)))
    return set(connection.execute(query.distinct()).scalars())


def _scopes_of(connection: Connection, wanted: AssetFilter) -> frozenset[str]:
    """Return the scopes of what is wanted: those that are named, or those that the groups have assets in."""
    if not wanted.groups:
        return frozenset(wanted.scopes)
    here = select(scope.id).join_from(schema.scope, schema.asset, asset.scope_pk == scope.pk)
    found = frozenset(connection.execute(here.where(asset.pk.in_(members(wanted.groups))).distinct()).scalars())
    return found & wanted.scopes if wanted.scopes else found


def _may_cover(kept: bytes, scopes: Collection[str], groups: Collection[str]) -> bool:
    """Whether an exemption may have covered something in scopes and groups; empty ones do not narrow."""
    covers = msgspec.convert(orjson.loads(kept), Covers, strict=False)
    pairs = ((covers.scopes, scopes), (covers.groups, groups))
    return all(not here or not there or {*there} & {*here} for here, there in pairs)


def _places(column: ColumnElement[int], viewer: ScopeFilter, wanted: AssetFilter) -> Conditions:
    """Return the condition that a scope number is of a scope that is wanted, and of which the viewer sees anything."""
    groups = frozenset(f"{GROUP}{name}" for name in wanted.groups)
    asked = (viewer, wanted.scopes or None, groups or None)
    return [condition for words in asked for condition in visible_scopes(column, words)]


def _switched(column: ColumnElement[int], viewer: ScopeFilter, wanted: AssetFilter) -> ColumnElement[bool]:
    """Return the condition that a switch holds everywhere, or in a scope that is wanted and seen."""
    return or_(column == EVERYWHERE, and_(true(), *_places(column, viewer, wanted)))
