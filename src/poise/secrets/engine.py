"""Runs the rules over bytes: a fast search for keywords, then patterns in small windows around them.

The cost is linear in the text: each keyword is searched once, windows do not overlap, and every pattern is bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from poise.secrets import assignments, catalog, sieve
from poise.secrets.rule import Candidate, Rule
from poise.secrets.text import Text

MOST_HITS = 1000
"""Most secrets that are kept of one text."""


def find(text: Text, names: Collection[str] | None = None) -> list[Candidate]:
    """Return the secrets in a text by place; ``names`` limits the rules."""
    data, positions = text.data, sieve.positions(text)
    found = _Found()
    for rule in catalog.load():
        is_wanted = names is None or rule.name in names
        if is_wanted and not positions.keys().isdisjoint(rule.keywords):
            places = sorted({p for k in rule.keywords for p in positions.get(k, ())})
            found.take(_matches(rule, data, places))
    places = sorted({p for k in assignments.KEYWORDS for p in positions.get(k, ())})
    found.take(c for c in assignments.find(data, places) if names is None or c.rule in names)
    return sorted(found.kept, key=lambda c: c.start)


class _Found:
    """Candidates that do not share a byte: the first to come stays."""

    def __init__(self) -> None:
        self.kept: list[Candidate] = []
        self._taken: dict[int, list[Candidate]] = defaultdict(list)

    def take(self, candidates: Iterator[Candidate]) -> None:
        for candidate in candidates:
            if len(self.kept) == MOST_HITS:
                return
            blocks = range(candidate.start // 1024, (candidate.end - 1) // 1024 + 1)
            if not any(candidate.overlaps(other) for block in blocks for other in self._taken.get(block, ())):
                self.kept.append(candidate)
                for block in blocks:
                    self._taken[block].append(candidate)


def _matches(rule: Rule, data: bytes, places: list[int]) -> Iterator[Candidate]:
    for start, end in _windows(rule, places):
        for match in rule.pattern.finditer(data, start, end):
            group = match.lastindex
            assert group is not None
            if rule.accept(match.group(group)):
                yield Candidate(rule.name, *match.span(group))


def _windows(rule: Rule, places: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches around keywords, joined where they touch."""
    start = end = -1
    for place in places:
        if place - rule.before > end:
            if end >= 0:
                yield start, end
            start = max(0, place - rule.before)
        end = place + rule.after
    if end >= 0:
        yield start, end
