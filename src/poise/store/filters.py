"""Turns filters and paging into SQL. Every list passes through here, with its viewer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    asc,
    desc,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from poise.model.errors import UsageError
from poise.model.governance import DueState
from poise.model.listings import AssetFilter, FindingFilter, Order, Paging, ScopeFilter, Standing
from poise.model.viewer import sees_parts
from poise.store import bulk, duties, schema, words
from poise.store.among import among
from poise.store.codec import clean, state_number, tag_text, to_moment
from poise.store.rows import asset, check, finding, kind, scope, summary
from poise.store.seeing import members, visible

Conditions = list[ColumnElement[bool]]
Wanted = FindingFilter | AssetFilter
FEW = 50
"""So many numbers are written into a statement one by one."""
MANY = 10_000
"""Of so many rows that hold a word, the first of a page are soon met in any order."""


def _numbers(connection: Connection, column: Any, word: Any, values: Collection[str]) -> Conditions:
    """Return the condition that a number stands for one of the words.

    Numbers are looked up first: with them, a database sees which index serves.
    """
    if not values:
        return []
    query = select(word.table.c.pk).where(word.in_(sorted(values)))
    return [_is_one_of(column, connection.execute(query).scalars().all())]


def _is_one_of(column: Any, numbers: Sequence[int]) -> ColumnElement[bool]:
    return column.in_(sorted(numbers)) if len(numbers) <= FEW else among(column, numbers)


def of_scopes(
    connection: Connection, viewer: ScopeFilter, wanted: Wanted, column: Any, assets: ColumnElement[int] | None = None
) -> Conditions:
    """Return the condition that a scope number is of a scope that is wanted, and that the viewer may see.

    ``assets`` has the numbers of assets of the same rows: with it a viewer of groups sees theirs.
    """
    words = ((scope.source, wanted.sources), (scope.provider, wanted.providers), (scope.id, wanted.scopes))
    limits: Conditions = [word.in_(sorted(values)) for word, values in words if values]
    by_asset = assets is not None and sees_parts(viewer)
    limits += [] if viewer is None or by_asset else [among(scope.id, sorted(viewer))]
    seen = visible(column, viewer, assets) if by_asset else []
    if not limits:
        return seen
    return [*seen, _is_one_of(column, connection.execute(select(scope.pk).where(*limits)).scalars().all())]


def of_findings(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> Conditions:
    """Return the conditions on finding rows."""
    found = of_scopes(connection, viewer, wanted, finding.scope_pk, finding.asset_pk)
    found += _numbers(connection, finding.kind_pk, kind.name, wanted.kinds)
    if wanted.checks is not None:
        found += _numbers(connection, finding.check_pk, check.id, wanted.checks) or [false()]
    if wanted.standing is not Standing.ANY:
        is_open = finding.resolved_at.is_(None)
        found.append(is_open if wanted.standing is Standing.OPEN else ~is_open)
    found += _ranks(wanted)
    found += [finding.first_seen >= to_moment(wanted.seen_since)] if wanted.seen_since else []
    found += [asset.region.in_(sorted(wanted.regions))] if wanted.regions else []
    found += asset_is(wanted.asset_id) if wanted.asset_id else []
    found += in_groups(wanted, finding.asset_pk)
    found += _governed(wanted)
    return found + words.in_findings(connection, wanted.text)


def tables_for(wanted: FindingFilter) -> FromClause:
    """Return the tables that the conditions on findings are about: only its own, or those joined with it too."""
    found: FromClause = schema.finding
    if wanted.regions or wanted.asset_id or wanted.text:
        found = found.join(schema.asset, asset.pk == finding.asset_pk)
    return found.join(schema.scope, scope.pk == finding.scope_pk) if wanted.asset_id else found


def _governed(wanted: FindingFilter) -> Conditions:
    """Return the conditions on the assignments of findings in their present round."""
    found: Conditions = []
    if wanted.owners:
        found.append(_assigned(assigned.owner.in_(sorted(wanted.owners))))
    if wanted.due:
        found.append(or_(*(_stands(state) for state in sorted(wanted.due))))
    return found


def _stands(state: DueState) -> ColumnElement[bool]:
    is_open = finding.resolved_at.is_(None)
    if state is DueState.COMPLETED:
        return ~is_open
    if state is DueState.UNASSIGNED:
        return is_open & ~_assigned(IS_ASSIGNED)
    return is_open & _assigned(IS_ASSIGNED & (assigned.is_overdue == int(state is DueState.OVERDUE)))


assigned = duties.assignment.c
IS_ASSIGNED = or_(assigned.owner != "", assigned.due.is_not(None))


def _assigned(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = (assigned.asset_pk == finding.asset_pk, assigned.check_pk == finding.check_pk)
    query = select(assigned.asset_pk).where(*mine, assigned.round == finding.reopened, condition)
    return exists(query.correlate(schema.finding))


def _ranks(wanted: FindingFilter) -> Conditions:
    found: Conditions = []
    if wanted.states:
        found.append(finding.state.in_(sorted(state_number(state) for state in wanted.states)))
    if wanted.severities:
        found.append(finding.severity.in_(sorted(s.rank for s in wanted.severities)))
    if wanted.risk_levels:
        found.append(finding.risk.in_(sorted(s.rank for s in wanted.risk_levels)))
    if wanted.effects:
        found.append(finding.effect.in_(sorted(wanted.effects)))
    return found


def of_assets(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter) -> Conditions:
    """Return the conditions on asset rows; only assets that are there."""
    found = [asset.gone_at.is_(None), *of_scopes(connection, viewer, wanted, asset.scope_pk, asset.pk)]
    found += _numbers(connection, asset.kind_pk, kind.name, wanted.kinds)
    found += [asset.region.in_(sorted(wanted.regions))] if wanted.regions else []
    found += [asset.name == clean(wanted.name)] if wanted.name else []
    found += [bulk.holds(asset.tags, tag_text(key, value)) for key, value in sorted(wanted.tags.items())]
    if wanted.has_findings is not None:
        found.append(summary.risk > 0 if wanted.has_findings else summary.risk == 0)
    if wanted.has_unread is not None:
        found.append(asset.unread > 0 if wanted.has_unread else asset.unread == 0)
    found += in_groups(wanted)
    return found + words.in_assets(connection, wanted.text)


def in_groups(wanted: Wanted, column: ColumnElement[int] = asset.pk) -> Conditions:
    """Return the condition that an asset is in one of the groups that are wanted."""
    if not wanted.groups:
        return []
    return [column.in_(members(wanted.groups))]


def asset_is(id: str) -> Conditions:
    """Return the conditions that an asset has this id; ARM ids are the same in any case."""
    exact = clean(id)
    return [asset.uid.in_(sorted({exact, exact.lower()})), or_(asset.uid == exact, scope.provider == "azure")]


class Sorting:
    """How a list is sorted: columns in one direction, so that an index can serve it; together unique."""

    def __init__(self, *columns: ColumnElement[Any], falls: bool = False) -> None:
        self._columns = columns
        self._falls = falls

    def sorted(self, query: Select[Any]) -> Select[Any]:
        """Return the query in this order, with the values that a cursor is made of."""
        labels = [column.label(f"sort_{n}") for n, column in enumerate(self._columns)]
        order = [desc(column) if self._falls else asc(column) for column in self._columns]
        return query.add_columns(*labels).order_by(*order)

    def found_first(self) -> Sorting:
        """Return the same order, which no index serves: rows are found first, and then sorted."""
        return Sorting(
            *(c.concat("") if isinstance(c.type, String) else c + 0 for c in self._columns), falls=self._falls
        )

    def after(self, cursor: str) -> ColumnElement[bool]:
        """Return the condition that a row comes after the one of the cursor."""
        values = _read_cursor(cursor, len(self._columns))
        here = tuple_(*self._columns)
        there = tuple_(*(literal(v, c.type) for v, c in zip(values, self._columns, strict=True)))
        return here < there if self._falls else here > there

    def cursor(self, row: Any) -> str:
        """Return the cursor that continues after a row."""
        values = [getattr(row, f"sort_{n}") for n in range(len(self._columns))]
        return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _read_cursor(cursor: str, length: int) -> list[Any]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as problem:
        raise UsageError("The cursor is not one that a list has given.", "Start from the first page.") from problem
    fits = isinstance(values, list) and len(values) == length and all(isinstance(v, str | int) for v in values)
    if not fits:
        raise UsageError("The cursor belongs to a list of another order.", "Start from the first page.")
    return list(values)


_unique = (finding.asset_pk, finding.check_pk)
FINDING_ORDER: Mapping[Order, Sorting] = {
    Order.RISK: Sorting(finding.risk, *_unique, falls=True),
    Order.SEVERITY: Sorting(finding.severity, *_unique, falls=True),
    Order.NEWEST: Sorting(finding.first_seen, *_unique, falls=True),
    Order.NAME: Sorting(asset.name, *_unique),
    Order.ID: Sorting(finding.id, *_unique),
}
ASSET_ORDER: Mapping[Order, Sorting] = {
    Order.RISK: Sorting(summary.risk, summary.asset_pk, falls=True),
    Order.SEVERITY: Sorting(summary.risk, summary.asset_pk, falls=True),
    Order.NEWEST: Sorting(asset.pk, falls=True),
    Order.NAME: Sorting(asset.name, asset.pk),
    Order.ID: Sorting(asset.uid, asset.pk),
}


@dataclass(frozen=True)
class Counted:
    """The rows of a list, to be counted."""

    query: Select[Any]
    """Numbers of assets, one for each row, without a bound or an order."""
    has_words: bool
    """Whether rows hold words of a text. Where few do, an index that serves the order would lead through nearly all
    rows before it met them: the few are found first, and then sorted."""


def part(connection: Connection, query: Select[Any], sorting: Sorting, paging: Paging) -> tuple[list[Any], str | None]:
    """Return the rows of one page, and the cursor of the next."""
    if paging.limit < 1 or paging.offset < 0:
        raise UsageError(f"A page of {paging.limit} rows after {paging.offset} cannot be.", "Ask for 1 row or more.")
    query = sorting.sorted(query).limit(paging.limit + 1)
    query = query.where(sorting.after(paging.cursor)) if paging.cursor else query.offset(paging.offset)
    rows = connection.execute(query).all()
    if len(rows) <= paging.limit:
        return list(rows), None
    return list(rows[: paging.limit]), sorting.cursor(rows[paging.limit - 1])


def listed(
    connection: Connection, query: Select[Any], sorting: Sorting, paging: Paging, counted: Counted
) -> tuple[list[Any], str | None, int]:
    """Return the rows of one page, the cursor of the next, and how many rows there are, at most ``count_up_to``.

    A page that is the last says how many there are.
    """
    if counted.has_words:
        numbers = connection.execute(counted.query.limit(min(paging.count_up_to or MANY, MANY))).scalars().all()
        if len(numbers) < min(paging.count_up_to or MANY, MANY):
            rows, cursor = part(
                connection, query.where(among(asset.pk, sorted({*numbers}))), sorting.found_first(), paging
            )
            return rows, cursor, len(numbers)
    rows, cursor = part(connection, query, sorting, paging)
    known = _known(paging, rows, cursor)
    return rows, cursor, total(connection, counted.query, paging.count_up_to) if known is None else known


def _known(paging: Paging, rows: Sequence[Any], cursor: str | None) -> int | None:
    """Return how many rows there are, if a page without a next one says so."""
    if paging.cursor or cursor or not (rows or not paging.offset):
        return None
    number = paging.offset + len(rows)
    return number if paging.count_up_to is None else min(number, paging.count_up_to)


def total(connection: Connection, query: Select[Any], count_up_to: int | None = None) -> int:
    """Return how many rows a query has, at most ``count_up_to``."""
    if count_up_to is not None:
        query = query.limit(count_up_to)
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
