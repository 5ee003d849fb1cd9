"""Lists of assets, one asset with all that is held about it, and typed assets for judging."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from poise.model.asset import Asset
from poise.model.kinds import by_kind
from poise.model.listings import (
    AssetDetail,
    AssetFilter,
    AssetRow,
    AssetVersion,
    FacetCount,
    FindingFilter,
    Page,
    Paging,
    ScopeFilter,
)
from poise.model.viewer import sees_parts
from poise.store import filters, schema, stream
from poise.store.codec import from_moment, maybe_time, read_asset
from poise.store.core import Core
from poise.store.rows import (
    ASSET_COLUMNS,
    ASSET_ROW_COLUMNS,
    FINDING_COLUMNS,
    asset,
    asset_row_tables,
    finding,
    finding_tables,
    kind,
    present_asset_tables,
    scope,
    summary,
    to_asset_row,
    to_finding,
)
from poise.store.seeing import visible

rollup = schema.kind_rollup.c
FACETS: dict[str, ColumnElement[Any]] = {
    "provider": scope.provider,
    "scope": scope.id,
    "source": scope.source,
    "kind": kind.name,
    "region": asset.region,
}
"""What assets can be counted by."""
FROM_ROLLUPS = frozenset({"provider", "scope", "source", "kind"})
FACET_CAP = 100_000
"""A filter counts no further than so many rows, where roll-ups do not know."""


class Assets:
    """Reads assets. Lists take the scopes that their viewer may see."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def page(self, viewer: ScopeFilter, wanted: AssetFilter, paging: Paging | None = None) -> Page[AssetRow]:
        """Return a part of the assets that are wanted."""
        paging = paging or Paging()
        with self._core.database.read() as connection:
            conditions = filters.of_assets(connection, viewer, wanted)
            query = select(*ASSET_ROW_COLUMNS).select_from(present_asset_tables()).where(*conditions)
            order = filters.ASSET_ORDER[paging.order]
            if _is_in_rollups(viewer, wanted):
                rows, cursor = filters.part(connection, query, order, paging)
                total = self._total(connection, viewer, wanted, paging.count_up_to)
            else:
                counted = filters.Counted(_counted(conditions), bool(wanted.text))
                rows, cursor, total = filters.listed(connection, query, order, paging, counted)
            return Page(tuple(to_asset_row(row) for row in rows), total, cursor)

    def with_findings(self, viewer: ScopeFilter, wanted: FindingFilter, paging: Paging) -> Page[AssetRow]:
        """Return a part of the assets that have findings of the wanted sort."""
        with self._core.database.read() as connection:
            conditions = (asset.gone_at.is_(None), _has_findings(connection, viewer, wanted))
            query = select(*ASSET_ROW_COLUMNS).select_from(present_asset_tables()).where(*conditions)
            counted = filters.Counted(_counted(conditions), bool(wanted.text))
            order = filters.ASSET_ORDER[paging.order]
            rows, cursor, total = filters.listed(connection, query, order, paging, counted)
            return Page(tuple(to_asset_row(row) for row in rows), total, cursor)

    def count(self, viewer: ScopeFilter, wanted: AssetFilter) -> int:
        """Return the number of assets that are wanted."""
        with self._core.database.read() as connection:
            return self._total(connection, viewer, wanted, None)

    def _total(self, connection: Connection, viewer: ScopeFilter, wanted: AssetFilter, count_up_to: int | None) -> int:
        if _is_in_rollups(viewer, wanted):
            conditions = _of_kind_rollups(connection, viewer, wanted)
            query = select(func.coalesce(func.sum(rollup.assets), 0)).where(*conditions)
            return int(connection.execute(query).scalar_one())
        query = _counted(filters.of_assets(connection, viewer, wanted))
        return filters.total(connection, query, count_up_to)

    def all(self, viewer: ScopeFilter, wanted: AssetFilter) -> Iterator[tuple[AssetRow, Asset]]:
        """Yield all assets that are wanted, with their facts, for exports."""
        kinds = by_kind()
        query = select(*ASSET_ROW_COLUMNS, schema.document.c.document).select_from(
            present_asset_tables().join(schema.document, schema.document.c.asset_pk == asset.pk)
        )
        with self._core.database.read() as connection:
            query = query.where(*filters.of_assets(connection, viewer, wanted)).order_by(asset.pk)
            for row in connection.execution_options(yield_per=1000).execute(query):
                if row.kind in kinds:
                    yield to_asset_row(row), read_asset(kinds[row.kind], row.document)

    def load(self, source: str, scopes: Collection[str] = (), kinds: Collection[str] = ()) -> Iterator[Asset]:
        """Yield the present assets that a source has read, of some scopes and kinds (none: all), by id.

        A kind that this version has no record for is left out.
        """
        wanted = AssetFilter(sources=frozenset({source}), scopes=frozenset(scopes), kinds=frozenset(kinds))
        records = by_kind()
        query = select(kind.name, schema.document.c.document).select_from(
            present_asset_tables().join(schema.document, schema.document.c.asset_pk == asset.pk)
        )
        with self._core.database.read() as connection:
            query = query.where(*filters.of_assets(connection, None, wanted)).order_by(asset.uid)
            for name, document in connection.execution_options(yield_per=1000).execute(query):
                if name in records:
                    yield read_asset(records[name], document)

    def facet(self, viewer: ScopeFilter, wanted: AssetFilter, name: str) -> tuple[FacetCount, ...]:
        """Count assets by one of FACETS, most first."""
        value = FACETS[name]
        with self._core.database.read() as connection:
            if name in FROM_ROLLUPS and _is_in_rollups(viewer, wanted):
                tables = schema.kind_rollup.join(schema.scope, scope.pk == rollup.scope_pk)
                tables = tables.join(schema.kind, kind.pk == rollup.kind_pk)
                query = select(value, func.sum(rollup.assets)).select_from(tables)
                rows = connection.execute(
                    query.where(*_of_kind_rollups(connection, viewer, wanted)).group_by(value)
                ).all()
                return _facets(rows, None)
            query = select(value.label("value")).select_from(present_asset_tables())
            capped = query.where(*filters.of_assets(connection, viewer, wanted)).limit(FACET_CAP).subquery()
            counted = select(capped.c.value, func.count()).group_by(capped.c.value)
            return _facets(connection.execute(counted).all(), FACET_CAP)

    def get(self, viewer: ScopeFilter, id: str) -> AssetDetail | None:
        """Return everything held about an asset, gone ones too; of several, the newest."""
        with self._core.database.read() as connection:
            query = select(*ASSET_ROW_COLUMNS, asset.changed_at, schema.document.c.document)
            query = query.select_from(asset_row_tables().join(schema.document, schema.document.c.asset_pk == asset.pk))
            query = query.where(*filters.asset_is(id), *visible(asset.scope_pk, viewer, asset.pk))
            row = connection.execute(query.order_by(asset.gone_at.is_(None).desc(), asset.pk.desc())).first()
            if row is None or row.kind not in by_kind():
                return None
            return AssetDetail(
                row=to_asset_row(row),
                asset=read_asset(by_kind()[row.kind], row.document),
                verdicts=tuple(stream.of_asset(connection, self._core, row.pk)),
                fixed=_fixed(connection, row.pk),
                versions=tuple(_versions(connection, row)),
            )


def _has_findings(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> ColumnElement[bool]:
    theirs = select(finding.asset_pk).select_from(filters.tables_for(wanted))
    theirs = theirs.where(*filters.of_findings(connection, viewer, wanted))
    if wanted == FindingFilter():  # Most assets have some: asking each in turn soon fills a page.
        return theirs.where(finding.asset_pk == asset.pk).correlate(schema.asset).exists()
    # Not correlated: the inner asset is the finding's own, not the row of the list.
    return asset.pk.in_(theirs.correlate(None))


def _counted(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    tables = schema.asset.join(schema.asset_summary, summary.asset_pk == asset.pk)
    return select(asset.pk).select_from(tables).where(*conditions)


def _is_in_rollups(viewer: ScopeFilter, wanted: AssetFilter) -> bool:
    finer = (wanted.regions, wanted.tags, wanted.text, wanted.name, wanted.groups, sees_parts(viewer))
    return not any(finer) and wanted.has_findings is None and wanted.has_unread is None


def _of_kind_rollups(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter) -> filters.Conditions:
    found = filters.of_scopes(connection, viewer, wanted, rollup.scope_pk)
    if wanted.kinds:
        numbers = select(kind.pk).where(kind.name.in_(sorted(wanted.kinds)))
        found.append(rollup.kind_pk.in_(numbers))
    return found


def _facets(rows: Any, cap: int | None) -> tuple[FacetCount, ...]:
    is_capped = cap is not None and sum(count for _, count in rows) >= cap
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    return tuple(FacetCount(value, int(count), is_capped) for value, count in ordered if count)


def _fixed(connection: Connection, pk: int) -> tuple[Any, ...]:
    query = select(*FINDING_COLUMNS, *ASSET_COLUMNS).select_from(finding_tables())
    query = query.where(finding.asset_pk == pk, finding.resolved_at.is_not(None)).order_by(
        finding.resolved_at.desc(), finding.id
    )
    return tuple(to_finding(row) for row in connection.execute(query))


def _versions(connection: Connection, row: Any) -> Iterator[AssetVersion]:
    record = by_kind()[row.kind]
    yield AssetVersion(read_asset(record, row.document), from_moment(row.changed_at), maybe_time(row.gone_at))
    version = schema.asset_version.c
    query = select(schema.asset_version).where(version.asset_pk == row.pk).order_by(version.valid_from.desc())
    for old in connection.execute(query):
        yield AssetVersion(read_asset(record, old.document), from_moment(old.valid_from), from_moment(old.valid_to))
