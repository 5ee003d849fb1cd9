"""The kinds of columns that the tables are made of, each the same in SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text

Word = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is sorted and compared byte by byte in both databases."""
Moment = BigInteger().with_variant(Integer(), "sqlite")
"""Microseconds since 1970, UTC."""
Key = BigInteger().with_variant(Integer(), "sqlite")
"""A row number."""

PRESENT = "gone_at IS NULL"
"""Condition of assets that are there."""
OPEN = "resolved_at IS NULL"
"""Condition of findings that are not fixed."""

NAMES = {
    "ix": "%(table_name)s_by_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_unique",
    "fk": "%(table_name)s_%(column_0_name)s",
    "pk": "%(table_name)s_key",
}
"""How indexes and constraints are named."""


class Tables:
    """Makes the tables of one version of the store."""

    def __init__(self) -> None:
        self.metadata = MetaData(naming_convention=NAMES)

    def table(self, name: str, *parts: Column[object] | Index, rowid: bool = True) -> Table:
        """Return a table; one without row ids is kept in the order of its primary key."""
        return Table(name, self.metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def number(name: str, default: str | None = "0") -> Column[object]:
    """Return a column of small whole numbers."""
    return Column(name, Integer, nullable=False, server_default=default)


def word(name: str, nullable: bool = False) -> Column[object]:
    """Return a column of text."""
    return Column(name, Word, nullable=nullable)


def moment(name: str, nullable: bool = False) -> Column[object]:
    """Return a column of moments."""
    return Column(name, Moment, nullable=nullable)


def points_to(target: str) -> Column[object]:
    """Return a column with the number of a row of another table."""
    return Column(f"{target}_pk", Key, ForeignKey(f"{target}.pk"), nullable=False)


def key(name: str) -> Column[object]:
    """Return a column with the number of a row, as an asset has it: a copy, so not checked a second time."""
    return Column(name, Key, nullable=False)


def blob(name: str, nullable: bool = False) -> Column[object]:
    """Return a column of bytes."""
    return Column(name, LargeBinary, nullable=nullable)


def only(condition: str) -> dict[str, Any]:
    """Return the options of an index over the rows for which a condition holds."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
