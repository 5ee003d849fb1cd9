"""What a viewer may see, as conditions of SQL: whole scopes, and the assets of groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from poise.model.listings import ScopeFilter
from poise.model.viewer import groups_of
from poise.store import schema

scope, group, member = schema.scope.c, schema.asset_group.c, schema.group_member.c
Conditions = list[ColumnElement[bool]]


def visible(column: ColumnElement[int], viewer: ScopeFilter, assets: ColumnElement[int] | None = None) -> Conditions:
    """Return the condition on rows that the viewer may see.

    ``column`` has numbers of scopes, ``assets`` numbers of assets. Without these only whole scopes are seen.
    """
    if viewer is None:
        return []
    whole = column.in_(select(scope.pk).where(scope.id.in_(sorted(viewer))))
    names = groups_of(viewer)
    return [or_(whole, assets.in_(members(names)))] if names and assets is not None else [whole]


def visible_scopes(column: ColumnElement[int], viewer: ScopeFilter) -> Conditions:
    """Return the condition that a scope number is of a scope of which the viewer may see anything."""
    names = groups_of(viewer)
    if viewer is None or not names:
        return visible(column, viewer)
    asset = schema.asset.alias()
    parts = select(asset.c.scope_pk).where(asset.c.pk.in_(members(names)))
    return [or_(*visible(column, viewer), column.in_(parts))]


def members(names: Collection[str]) -> Select[Any]:
    """Return the numbers of the assets that are in any of the groups."""
    query = select(member.asset_pk).join_from(schema.group_member, schema.asset_group, group.pk == member.group_pk)
    return query.where(group.name.in_(sorted(names)))


def member_ids(viewer: ScopeFilter) -> Select[Any]:
    """Return the ids of the assets of the groups that a viewer may see, as their providers write them."""
    asset = schema.asset.c
    ids = select(schema.asset.c.uid).where(asset.pk.in_(members(groups_of(viewer))))
    given = select(asset.given_id).where(asset.given_id.is_not(None), asset.pk.in_(members(groups_of(viewer))))
    return select(ids.union(given).subquery().c[0])
