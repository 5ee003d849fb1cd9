"""``column in values`` with all values in one parameter, so that the statement is the same for any number.

SQLite reads them from a JSON array, PostgreSQL from an array.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Integer, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from poise.store.columns import Key


class _Values(TypeDecorator[Any]):
    """Many values as one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, of_numbers: bool) -> None:
        super().__init__()
        self.of_numbers = of_numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the parameter."""
        of: TypeEngine[Any] = Key if self.of_numbers else Text()
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(of))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return the parameter as the driver takes it."""
        return orjson.dumps(value).decode() if dialect.name == "sqlite" else value


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Return it as it is: it is a condition, and with ``= 1`` after it SQLite would read every row."""
        return self


@compiles(_Among, "sqlite")
def _in_sqlite(element: _Among, compiler: SQLCompiler, **words: Any) -> str:
    column, values = (compiler.process(part, **words) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are compiled SQL


@compiles(_Among, "postgresql")
def _in_postgresql(element: _Among, compiler: SQLCompiler, **words: Any) -> str:
    column, values = (compiler.process(part, **words) for part in element.clauses)
    return f"{column} = ANY({values})"


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return the condition that a column is one of many values, all numbers or all texts."""
    found = list(values)
    return _Among(column, bindparam(None, found, type_=_Values(isinstance(column.type, Integer)), unique=True))
