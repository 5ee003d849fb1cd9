"""Finds where the keywords of all rules stand in a text, with few and cheap searches for those that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from poise.secrets import assignments, catalog
from poise.secrets.rule import Place
from poise.secrets.text import Parts, Text, places

LEAST_STRETCH = 4
"""Shorter stretches occur in nearly every text."""
COMMON = (b".com", b"user", b"signa", b"ver=", b"-key")
"""Stretches that occur in nearly every text too, so that sharing them would spare no search."""
_NEEDLESS = bytes(c for c in range(256) if c not in b'abcdefghijklmnopqrstuvwxyz0123456789_-.=:/"<+~')
"""What is cut out before the search: a stretch that occurs still does, without them, and the text is shorter."""


@dataclass(frozen=True)
class Sift:
    """One search that says whether any of some keywords can occur."""

    stretch: bytes
    """A part of every keyword."""
    squeezed: bytes
    """The stretch without what is cut out of texts."""
    keywords: tuple[tuple[bytes, tuple[int, ...]], ...]
    """Keyword, and where in it the stretch stands."""


@cache
def _sieves() -> dict[Place, tuple[Sift, ...]]:
    """Return the searches by where they are done.

    Keywords that share a stretch (`azurecr.io`, `azureml`) are told apart only where the stretch occurs. A keyword is
    searched in the whole text, in the surroundings of long runs or in runs: in the widest that one of its rules needs.
    """
    wanted = dict.fromkeys(assignments.KEYWORDS, Place.ANYWHERE)
    for rule in catalog.load():
        for keyword in rule.keywords:
            wanted[keyword] = min(rule.place, wanted.get(keyword, rule.place))
    return {place: tuple(_sifts({word for word, at in wanted.items() if at is place})) for place in Place}


def _sifts(words: set[bytes]) -> Iterator[Sift]:
    while words:
        stretches = Counter(s for word in sorted(words) for s in _stretches(word))
        best = max(sorted(stretches), key=lambda s: (stretches[s], len(s)))
        held = {word for word in words if best in word}
        keywords = tuple((word, tuple(places(word, best))) for word in sorted(held))
        yield Sift(best, best.translate(None, _NEEDLESS), keywords)
        words = words - held


def _stretches(word: bytes) -> set[bytes]:
    """Return the parts of a keyword that are rare enough to be searched in its place."""
    sizes = range(min(LEAST_STRETCH, len(word)), len(word) + 1)
    parts = {word[at : at + size] for size in sizes for at in range(len(word) - size + 1)}
    return {part for part in parts if part == word or not any(part in common for common in COMMON)}


def positions(text: Text) -> dict[bytes, list[int]]:
    """Return where each keyword stands, in order; keywords that do not occur are left out."""
    sieves = _sieves()
    found = _in_parts(text.tokens, sieves[Place.IN_RUN]) | _in_parts(text.surroundings, sieves[Place.BY_LONG_RUN])
    squeezed = text.lower.translate(None, _NEEDLESS)
    for sift in sieves[Place.ANYWHERE]:
        if sift.squeezed in squeezed:
            found |= _told_apart(text.lower, sift)
    return {keyword: where for keyword, where in found.items() if where}


def _in_parts(parts: Parts, sifts: Iterable[Sift]) -> dict[bytes, list[int]]:
    seen = [keyword for sift in sifts if sift.stretch in parts.joined for keyword, _ in sift.keywords]
    return {keyword: list(parts.places(keyword)) for keyword in seen}


def _told_apart(lower: bytes, sift: Sift) -> dict[bytes, list[int]]:
    """Return where each keyword of a sift stands: one search for all of them."""
    if len(sift.keywords) == 1:
        return {keyword: list(places(lower, keyword)) for keyword, _ in sift.keywords}
    found: dict[bytes, dict[int, None]] = {keyword: {} for keyword, _ in sift.keywords}
    for place in places(lower, sift.stretch):
        for keyword, offsets in sift.keywords:
            for offset in offsets:
                if place >= offset and lower.startswith(keyword, place - offset):
                    found[keyword][place - offset] = None
    return {keyword: sorted(where) for keyword, where in found.items()}
