"""A text under search, with what is worked out from it once: its lower case and its long unbroken runs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

TOKEN_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=~.%"
"""What tokens, base64 and percent-encoded base64 are written with."""
LEAST_RUN = 20
"""Shorter runs hold no token."""
LONG_RUN = 32
"""Runs from here on are rare enough in ordinary texts that searching around them is much less than searching all."""
REACH = 700
"""Bytes around a long run in which its keyword is searched."""
_MARK = b"x"
_TO_MARKS = bytes(_MARK[0] if c in TOKEN_CHARACTERS else 0x20 for c in range(256))
Spans = list[tuple[int, int]]


class Parts:
    """Some stretches of a text, joined, which can be searched at once."""

    def __init__(self, data: bytes, spans: Spans) -> None:
        self.joined = b"\n".join([data[start:end] for start, end in spans])
        self._spans = spans
        self._next = list(accumulate(end - start + 1 for start, end in spans))

    def places(self, part: bytes) -> Iterator[int]:
        """Yield where in the text a part occurs, in order."""
        for place in places(self.joined, part):
            number = bisect_right(self._next, place)
            begun = self._next[number - 1] if number else 0
            yield self._spans[number][0] + place - begun


class Text:
    """The bytes of a text."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def lower(self) -> bytes:
        """The same in lower case, of the same length."""
        return self.data.lower()

    @cached_property
    def runs(self) -> Spans:
        """Start and end of every run of at least :data:`LEAST_RUN` of :data:`TOKEN_CHARACTERS`, in order.

        Found by searching twenty marks in a copy of marks and spaces: the search leaps over most of a text, where
        splitting it into words or matching a pattern would touch each byte.
        """
        marks, wanted = self.data.translate(_TO_MARKS), _MARK * LEAST_RUN
        found = []
        start = marks.find(wanted)
        while start >= 0:
            end = marks.find(b" ", start + LEAST_RUN)
            end = len(marks) if end < 0 else end
            found.append((start, end))
            start = marks.find(wanted, end)
        return found

    @cached_property
    def tokens(self) -> Parts:
        """All runs in lower case."""
        return Parts(self.lower, self.runs)

    @cached_property
    def surroundings(self) -> Parts:
        """What stands within :data:`REACH` of a run of at least :data:`LONG_RUN`, in lower case."""
        spans: Spans = []
        for start, end in self.runs:
            if end - start >= LONG_RUN:
                first, last = max(0, start - REACH), min(len(self.data), end + REACH)
                if spans and first <= spans[-1][1]:
                    spans[-1] = (spans[-1][0], last)
                else:
                    spans.append((first, last))
        return Parts(self.lower, spans)


def places(data: bytes, part: bytes) -> Iterator[int]:
    """Yield where a part occurs in bytes, occurrences that overlap too."""
    place = data.find(part)
    while place >= 0:
        yield place
        place = data.find(part, place + 1)
