"""Cuts the text form of a query into tokens, each with its column, so that an error can point at a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from poise.model.errors import BadInput

MAX_LENGTH = 16_384
"""Longest query text."""
_PATTERN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>"(?:[^"\\]|\\.)*")
  | (?P<arrow><-\[|-\[|\]->|\]-)
  | (?P<span>\d+\.\.\d+)
  | (?P<number>-?\d+(?:\.\d+)?(?![\w.:/-]))
  | (?P<sign><=|>=|!=|=|<|>)
  | (?P<mark>[(),|\[\]])
  | (?P<word>[^\s"(),|\[\]<>=!]+)
    """,
    re.VERBOSE,
)


class Sort(StrEnum):
    """What a token is."""

    TEXT = "text"
    ARROW = "arrow"
    SPAN = "span"
    NUMBER = "number"
    SIGN = "sign"
    MARK = "mark"
    WORD = "word"
    END = "end"


class Token(msgspec.Struct, frozen=True):
    """One token."""

    sort: Sort
    """What it is."""
    text: str
    """As it is written."""
    column: int
    """Where it begins, counted from 1."""


class BadQuery(BadInput):
    """A query that cannot be understood; `column` is where, counted from 1, and `word` what stands there."""

    def __init__(self, what: str, column: int, word: str = "", do: str = "") -> None:
        super().__init__(f"Column {column}: {what}", do)
        self.column = column
        self.word = word


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query, the last one of sort `end`; raises :class:`BadQuery`."""
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"the query is longer than {MAX_LENGTH} characters.", MAX_LENGTH)
    at = 0
    while at < len(text):
        found = _PATTERN.match(text, at)
        if found is None:
            what = "the text that begins here has no end." if text[at] == '"' else f"{text[at]!r} means nothing here."
            raise BadQuery(what, at + 1, text[at])
        if found.lastgroup != "space":
            yield Token(Sort(str(found.lastgroup)), found.group(), at + 1)
        at = found.end()
    yield Token(Sort.END, "", len(text) + 1)
