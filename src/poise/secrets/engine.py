"""Runs the rules over bytes: a fast search for keywords, then patterns in small windows around them.

The cost is linear in the text: each keyword is searched once, windows do not overlap, and every pattern is bounded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from poise.secrets import assignments, catalog
from poise.secrets.rule import LEAST_TOKEN, TOKEN_CHARACTERS, Candidate, Rule

MOST_HITS = 1000
"""Most secrets that are kept of one text."""
LEAST_STRETCH = 4
"""Shorter stretches occur in nearly every text."""


def find(data: bytes, lower: bytes, names: Collection[str] | None = None) -> list[Candidate]:
    """Return the secrets in ``data`` by place; ``lower`` is the same in lower case, ``names`` limits the rules."""
    positions = _positions(lower)
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


@dataclass(frozen=True)
class _Sift:
    """One search that says whether any of some keywords occurs."""

    stretch: bytes
    keywords: tuple[bytes, ...]
    in_tokens: bool


@cache
def _sieve() -> tuple[_Sift, ...]:
    """Return what to search first.

    Keywords that share a stretch (`azurecr.io`, `azureml`) are searched one by one only where the stretch occurs, and
    keywords of tokens only where long unbroken runs hold them: nearly all texts pass with a few cheap searches.
    """
    tokens = {keyword for rule in catalog.load() if rule.is_token for keyword in rule.keywords}
    others = {keyword for rule in catalog.load() if not rule.is_token for keyword in rule.keywords}
    others |= set(assignments.KEYWORDS)
    return (*_sifts(tokens - others, in_tokens=True), *_sifts(others, in_tokens=False))


def _sifts(words: set[bytes], in_tokens: bool) -> Iterator[_Sift]:
    while words:
        stretches = Counter(s for word in sorted(words) for s in _stretches(word))
        best = max(sorted(stretches), key=lambda s: (stretches[s], len(s)))
        held = tuple(sorted(word for word in words if best in word))
        yield _Sift(best.translate(None, b"" if in_tokens else _NEEDLESS), held, in_tokens)
        words = words - set(held)


def _stretches(word: bytes) -> set[bytes]:
    """Return the parts of a keyword that are rare enough to be searched in its place."""
    sizes = range(min(LEAST_STRETCH, len(word)), len(word) + 1)
    return {word[at : at + size] for size in sizes for at in range(len(word) - size + 1)}


def _positions(lower: bytes) -> dict[bytes, list[int]]:
    """Return where each keyword stands; keywords that do not occur are left out."""
    words = lower.translate(_TOKENS_ONLY).split()
    tokens = b" ".join([word for word in words if len(word) >= LEAST_TOKEN])
    squeezed = lower.translate(None, _NEEDLESS)
    found = {}
    for sift in _sieve():
        if sift.stretch in (tokens if sift.in_tokens else squeezed):
            for keyword in sift.keywords:
                places = list(_places(lower, keyword))
                if places:
                    found[keyword] = places
    return found


_TOKENS_ONLY = bytes(c if c in TOKEN_CHARACTERS else 0x20 for c in range(256))
_NEEDLESS = bytes(c for c in range(256) if c not in b'abcdefghijklmnopqrstuvwxyz0123456789_-.=:/"<+~')
"""What is cut out before the search: a stretch that occurs still does, without them, and the text is shorter."""


def _places(lower: bytes, keyword: bytes) -> Iterator[int]:
    place = lower.find(keyword)
    while place >= 0:
        yield place
        place = lower.find(keyword, place + 1)


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
