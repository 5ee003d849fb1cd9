"""Bulk writes, and what SQLite and PostgreSQL say differently: all code that knows the dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Integer,
    LargeBinary,
    Select,
    Table,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from poise.store import schema
from poise.store.among import among

T = TypeVar("T")
CHUNK = 5_000
"""Values in one IN list; far below the limits of both databases."""


def is_sqlite(connection: Connection) -> bool:
    """Whether the connection is one of SQLite."""
    return connection.dialect.name == "sqlite"


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Cut values into pieces."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows: executemany in SQLite, COPY in PostgreSQL."""
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in names)
    if is_sqlite(connection):
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', list(rows))  # noqa: S608
        return
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.set_types([_copy_type(table.c[name]) for name in names])
        for row in rows:
            copy.write_row(row)


def _copy_type(column: Any) -> str:
    if isinstance(column.type, LargeBinary):
        return "bytea"
    if isinstance(column.type, BigInteger):
        return "int8"
    if isinstance(column.type, Double):
        return "float8"
    return "int4" if isinstance(column.type, Integer) else "text"


def update_rows(connection: Connection, table: Table, keys: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Update many rows by key; all rows set the same columns."""
    if not rows:
        return
    statement = update(table)
    for name in keys:
        statement = statement.where(table.c[name] == _bind(f"key_{name}", table.c[name]))
    values = {name: _bind(f"new_{name}", table.c[name]) for name in rows[0] if name not in keys}
    parameters = [{f"{'key' if n in keys else 'new'}_{n}": v for n, v in row.items()} for row in rows]
    connection.execute(statement.values(values), parameters)


def _bind(name: str, column: Any) -> Any:
    return bindparam(name, type_=column.type)


def upsert(connection: Connection, table: Table) -> Any:
    """Return an INSERT of this dialect, which has ``on_conflict_do_update`` and ``_nothing``."""
    made: Insert = sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)
    return made


def add_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add numbers to rows by primary key, making the rows that are not there."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = upsert(connection, table)
    sums = {n: table.c[n] + statement.excluded[n] for n in rows[0] if n not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=sums), list(rows))


def put_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows by primary key, over those that are there."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = upsert(connection, table)
    values = {n: statement.excluded[n] for n in rows[0] if n not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def take_asset_keys(connection: Connection, count: int) -> Sequence[int]:
    """Return numbers for new assets, ascending."""
    if count == 0:
        return ()
    if is_sqlite(connection):
        last = connection.execute(select(func.coalesce(func.max(schema.asset.c.pk), 0))).scalar_one()
        return range(last + 1, last + 1 + count)
    series = func.generate_series(1, count).table_valued("n")
    return connection.execute(select(schema.asset_keys.next_value()).select_from(series)).scalars().all()


def holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a text holds another, byte by byte."""
    return func.replace(column, literal(text), "") != column


def holds_word(connection: Connection, column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether a text holds a word, in any case of ASCII; SQLite's LIKE does so by itself, in a third of the time."""
    if is_sqlite(connection):
        return column.contains(word, autoescape=True)
    return column.icontains(word, autoescape=True)


def measure_new(connection: Connection, tables: Iterable[Table]) -> None:
    """Have PostgreSQL look at the rows of tables at which it never looked.

    Plans made without are slower by orders of magnitude, and by itself it comes only some time after the first scan.
    """
    if is_sqlite(connection):
        return
    names = [table.name for table in tables]
    asked = "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) AND reltuples < 0 ORDER BY relname"
    for (name,) in connection.exec_driver_sql(asked, (names,)).all():
        connection.exec_driver_sql(f'ANALYZE "{name}"')


def locked(connection: Connection, statement: Select[Any]) -> Select[Any]:
    """Lock the rows that are read until the transaction ends; in SQLite the writer is alone anyway."""
    return statement if is_sqlite(connection) else statement.with_for_update()


def in_chunks(connection: Connection, statement: Select[Any], column: Any, values: Iterable[Any]) -> Iterator[Any]:
    """Run a query for rows whose column is in ``values``, however many."""
    for some in chunks(list(values)):
        yield from connection.execute(statement.where(among(column, some)))
