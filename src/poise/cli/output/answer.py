"""What a command answers: rows, one document, or text; each output format takes what suits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from poise.model.errors import UsageError

if TYPE_CHECKING:
    from poise.cli.output.blocks import Block

Row = Mapping[str, Any]
"""One item as JSON has it."""


@dataclass(frozen=True)
class Column:
    """A column of tables for people."""

    heading: str
    path: str
    """Where the value is in a row: `asset.name`."""
    show: Callable[[Any], str] | None = None
    """How a person reads the value; as text where nothing is given."""
    style: Callable[[Any], str] | None = None
    """The rich style of the value on a terminal."""

    def text(self, row: Row) -> str:
        """Return the cell of a row."""
        value = at(row, self.path)
        return self.show(value) if self.show else plain(value)


@dataclass(frozen=True)
class Answer:
    """The result of one command."""

    rows: Iterable[Row] = ()
    columns: Sequence[Column] = ()
    """Columns for people; scripts get whole rows as JSON."""
    text: str = ""
    """Markdown of ours, for people: the page of a check."""
    blocks: Sequence[Block] = ()
    """The parts of a page about something that others named."""
    document: Mapping[str, Any] | None = None
    """The JSON object, where the answer is not a list."""

    def chosen(self, fields: Sequence[str], sort: str, limit: int | None) -> Answer:
        """Return the answer with some fields only, sorted and cut. A `-` before the sorting field turns it round."""
        if not (fields or sort or limit is not None):
            return self
        rows: Iterable[Row] = self.rows
        if sort:
            rows = _sorted(list(rows), sort)
        if limit is not None:
            rows = _first(rows, limit)
        if not fields:
            return replace(self, rows=rows)
        kept = list(rows)
        _require(kept, fields)
        picked = [{field: at(row, field) for field in fields} for row in kept]
        columns = [_titled(self.columns, field) for field in fields]
        return replace(self, rows=picked, columns=columns)


def at(row: Any, path: str) -> Any:
    """Return what stands at a dotted path; None where there is nothing. A key may itself hold dots."""
    if isinstance(row, Mapping):
        if path in row:
            return row[path]
        head, _, rest = path.partition(".")
        return at(row.get(head), rest) if rest else None
    return None


def plain(value: Any) -> str:
    """Return a value as one text: nothing for None, `a, b` for lists, JSON for objects."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)) and all(isinstance(item, (str, int, float)) for item in value):
        return ", ".join(str(item) for item in value)
    if isinstance(value, (list, tuple, dict)):
        import msgspec

        return msgspec.json.encode(value).decode()
    return str(value)


def _first(rows: Iterable[Row], limit: int) -> Iterator[Row]:
    from itertools import islice

    return islice(rows, limit)


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    field = sort.removeprefix("-")
    _require(rows, [field])
    return sorted(rows, key=lambda row: _order(at(row, field)), reverse=sort.startswith("-"))


def _order(value: Any) -> tuple[int, float, str]:
    """Make values of several types comparable: nothing, then numbers, then texts."""
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, (int, float)):
        return (1, float(value), "")
    return (2, 0.0, plain(value))


def _require(rows: Sequence[Row], fields: Sequence[str]) -> None:
    """Refuse a field that no row has; an empty list has every field."""
    for field in fields:
        if rows and not any(_has(row, field) for row in rows):
            names = ", ".join(sorted({name for row in rows for name in row}))
            raise UsageError(f"There is no field {field!r}.", f"There are: {names}.")


def _has(row: Any, path: str) -> bool:
    if not isinstance(row, Mapping):
        return False
    head, _, rest = path.partition(".")
    return path in row or (head in row and (not rest or row[head] is None or _has(row[head], rest)))


def _titled(columns: Sequence[Column], field: str) -> Column:
    found = next((column for column in columns if column.path == field), None)
    return replace(found, path=field) if found else Column(field, field)
