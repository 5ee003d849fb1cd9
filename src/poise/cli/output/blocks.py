"""The parts of an answer that is read like a page. Each output format lays them out in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poise.cli.output.answer import Column, Row


@dataclass(frozen=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A running text."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Names with values."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Code:
    """Commands, configuration or data, to be copied as they are."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Grid:
    """A table inside a page."""

    rows: Sequence[Row]
    columns: Sequence[Column]


Block = Heading | Paragraph | Facts | Code | Grid
