"""Walks the tokens of a query: what comes next, and the error when it is something else."""

from __future__ import annotations

import difflib
import json
import re
from enum import StrEnum
from typing import TypeVar

from poise.graph.explorer.tokens import BadQuery, Sort, Token, tokens

E = TypeVar("E", bound=StrEnum)
_KEYWORDS = """
find show order by descending limit anything or as where without optional any to state port and not has in
exists contains starts ends with true false
"""
KEYWORDS = frozenset(re.findall(r"\w+", _KEYWORDS))
"""Words that a name must be quoted to be."""


class Reader:
    """The tokens of one query, read from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._at = 0

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def next(self) -> Token:
        """Return the token and go on; the end is never left."""
        token = self._now
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def at(self, *words: str) -> bool:
        """Say whether one of the words or marks comes next; a quoted text never is one."""
        return self._now.sort is not Sort.TEXT and self._now.text in words

    def take(self, word: str) -> bool:
        """Go over a word if it comes next."""
        found = self.at(word)
        if found:
            self.next()
        return found

    def take_all(self, first: str, *rest: str) -> bool:
        """Go over some words if the first of them comes next; the rest must follow."""
        if not self.take(first):
            return False
        for word in rest:
            self.expect(word)
        return True

    def expect(self, *words: str) -> Token:
        """Go over one of the words, which must come next."""
        if not self.at(*words):
            raise self.wrong("expected " + " or ".join(f"`{word}`" for word in words))
        return self.next()

    def expect_end(self) -> None:
        """Check that nothing is left."""
        if self._now.sort is not Sort.END:
            raise self.wrong("this belongs to nothing before it")

    def name(self, what: str) -> str:
        """Return a word or quoted text."""
        if self._now.sort is Sort.TEXT:
            return self.text(what)
        if self._now.sort is not Sort.WORD or self._now.text in KEYWORDS:
            raise self.wrong(f"expected {what}")
        return self.next().text

    def text(self, what: str) -> str:
        """Return a quoted text, or a bare word."""
        if self._now.sort is not Sort.TEXT:
            return self.name(what)
        try:
            return str(json.loads(self._now.text, strict=False))
        except ValueError:
            raise self.wrong("this text has an escape that JSON does not know") from None
        finally:
            self.next()

    def one_of(self, kind: type[E], what: str) -> E:
        """Return a member of a closed vocabulary, whose names may have several words; the longest one wins."""
        for count in (3, 2, 1):
            taken = self._tokens[self._at : self._at + count]
            if len(taken) == count and all(t.sort is Sort.WORD for t in taken):
                text = " ".join(t.text for t in taken)
                if text in list(kind):
                    self._at += count
                    return kind(text)
        known = sorted(kind)
        here = " ".join(t.text for t in self._tokens[self._at : self._at + 3] if t.sort is Sort.WORD)
        close = difflib.get_close_matches(here, known, 1) or difflib.get_close_matches(self._now.text, known, 1)
        raise self.wrong(f"expected {what}", f"Did you mean `{close[0]}`?" if close else f"One of: {', '.join(known)}.")

    def whole_number(self, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        text = self._now.text
        if self._now.sort is not Sort.NUMBER or not text.isdecimal() or not least <= int(text) <= most:
            raise self.wrong(f"expected a whole number from {least} to {most}")
        return int(self.next().text)

    def span(self) -> tuple[int, int] | None:
        """Return the two numbers of `1..3`, or None if no span comes next."""
        if self._now.sort is not Sort.SPAN:
            return None
        least, most = self.next().text.split("..")
        return int(least[:4]), int(most[:4])

    @property
    def sort(self) -> Sort:
        """What the next token is."""
        return self._now.sort

    def wrong(self, what: str, do: str = "", *, back: int = 0) -> BadQuery:
        """Return the error that points at the next token, or at one before it."""
        token = self._tokens[max(self._at - back, 0)]
        here = "the end of the query" if token.sort is Sort.END else f"`{token.text}`"
        return BadQuery(f"{what.rstrip('.')}, at {here}.", token.column, token.text, do)
