"""Wildcard patterns of cloud policies: `*` is any run of characters, `?` is any one character.

Matching walks the literal pieces between stars from left to right and never goes back, so that a hostile
pattern such as `*a*a*a*a*` costs one pass over the text for each piece, not an exponential search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

MANY = "*"
ONE = "?"
NOT_MANY = "[^*]"


def matches(pattern: str, text: str) -> bool:
    """Say whether a pattern matches the whole of a text, case as it stands."""
    if MANY not in pattern:
        return _same(pattern, text)
    head, *middle, tail = _pieces(pattern)
    if len(text) < len(head) + len(tail):
        return False
    if not _same(head, text[: len(head)]) or not _same(tail, text[len(text) - len(tail) :]):
        return False
    return _in_order(middle, text, len(head), len(text) - len(tail))


def covers(wide: str, narrow: str) -> bool:
    """Say whether every text that `narrow` matches is matched by `wide` too.

    Sound and, for patterns without `?` next to `*`, complete: a yes is always true.
    """
    if wide in (MANY, narrow):
        return True
    if MANY not in narrow and ONE not in narrow:
        return matches(wide, narrow)
    if MANY not in wide:
        return MANY not in narrow and _same_or_wider(wide, narrow)
    return _covers_stars(_pieces(wide), narrow)


def overlaps(one: str, other: str) -> bool:
    """Say whether some text is matched by both patterns."""
    if MANY in (one, other):
        return True
    if MANY not in one and ONE not in one:
        return matches(other, one)
    if MANY not in other and ONE not in other:
        return matches(one, other)
    return _overlap(one, other)


def is_wild(text: str) -> bool:
    """Say whether a text holds a wildcard at all."""
    return MANY in text or ONE in text


@lru_cache(maxsize=1024)
def _pieces(pattern: str) -> tuple[str, ...]:
    head, *rest = pattern.split(MANY)
    *middle, tail = rest
    return (head, *(piece for piece in middle if piece), tail)


def _same(pattern: str, text: str) -> bool:
    if ONE not in pattern:
        return pattern == text
    return len(pattern) == len(text) and _fixed(pattern, ".").match(text) is not None


def _same_or_wider(wide: str, narrow: str) -> bool:
    if ONE not in wide:
        return wide == narrow
    return len(wide) == len(narrow) and _fixed(wide, NOT_MANY).match(narrow) is not None


def _in_order(pieces: Sequence[str], text: str, start: int, end: int, one: str = ".") -> bool:
    for piece in pieces:
        found = _find(piece, text, start, end, one)
        if found < 0:
            return False
        start = found + len(piece)
    return start <= end


def _find(piece: str, text: str, start: int, end: int, one: str) -> int:
    if ONE not in piece:
        return text.find(piece, start, end)
    found = _fixed(piece, one).search(text, start, end)
    return -1 if found is None else found.start()


@lru_cache(maxsize=1024)
def _fixed(piece: str, one: str) -> re.Pattern[str]:
    """Compile a piece without stars: a text of fixed length, so there is nothing to go back to."""
    return re.compile(one.join(map(re.escape, piece.split(ONE))), re.DOTALL)


def _covers_stars(pieces: tuple[str, ...], narrow: str) -> bool:
    """Match the pieces of the wide pattern against the narrow one, whose stars only a star can take."""
    head, *middle, tail = pieces
    end = len(narrow) - len(tail)
    if end < len(head) or not _same_or_wider(head, narrow[: len(head)]):
        return False
    return _same_or_wider(tail, narrow[end:]) and _in_order(middle, narrow, len(head), end, NOT_MANY)


def _overlap(one: str, other: str) -> bool:
    """Walk one pattern over the set of places reached in the other, kept as the bits of a number."""
    stars, signs = 0, dict.fromkeys(one, 0)
    for at, sign in enumerate(other):
        if sign == MANY:
            stars |= 1 << at
        for mine in signs if sign == ONE else (sign,):
            signs[mine] = signs.get(mine, 0) | 1 << at
    every = (1 << len(other)) - 1
    row = _past_stars(1, stars)
    for sign in one:
        if sign == MANY:
            row = (every << 1 | 1) & ~((row & -row) - 1)
            continue
        taken = every & ~stars if sign == ONE else signs[sign]
        row = _past_stars((row & stars) | (row & taken) << 1, stars)
        if not row:
            return False
    return bool(row >> len(other) & 1)


def _past_stars(row: int, stars: int) -> int:
    """A star may stand for nothing: whoever is before one is behind it too."""
    while (more := row | (row & stars) << 1) != row:
        row = more
    return row
