"""Versions of Maven artifacts (Maven POM reference, Version Order Specification)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

TOKENS = re.compile(r"([.\-_]?)(\d+|[^.\-_\d]+|(?=[.\-_]|$))")
QUALIFIERS = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
SAME = {"cr": "rc", "ga": "", "final": "", "release": ""}
SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
OTHER = len(QUALIFIERS)
END = (0, QUALIFIERS.index(""), "")


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts as Maven's ComparableVersion. Raises :class:`BadVersion`."""
    version = plain("Maven", text).lower()
    if re.search(r"\s", version):
        raise BadVersion("Maven", text)
    tokens = _tokens(version)
    kept: list[tuple[int, Any, str]] = []
    for rank, value, name in tokens:
        if rank < NUMBER_AFTER_DOT:
            while kept and _is_nothing(kept[-1]):
                kept.pop()
        kept.append((rank, value, name))
    while kept and _is_nothing(kept[-1]):
        kept.pop()
    return (*kept, END)


NUMBER_AFTER_DASH, NUMBER_AFTER_DOT = 1, 2


def _is_nothing(token: tuple[int, Any, str]) -> bool:
    return token == END or (token[0] != END[0] and not token[1])


def _tokens(version: str) -> list[tuple[int, Any, str]]:
    found: list[tuple[int, Any, str]] = []
    pieces = [piece for piece in TOKENS.findall(version) if piece != ("", "")]
    for number, (separator, word) in enumerate(pieces):
        if word.isdigit() or not word:
            rank = NUMBER_AFTER_DOT if separator == "." or not number else NUMBER_AFTER_DASH
            found.append((rank, int(word or 0), ""))
            continue
        following = pieces[number + 1] if number + 1 < len(pieces) else ("-", "")
        found.append(_qualifier(word, is_short=following[0] == "" and following[1].isdigit()))
    return found


def _qualifier(word: str, *, is_short: bool) -> tuple[int, Any, str]:
    name = SHORT.get(word, word) if is_short else SAME.get(word, word)
    if name in QUALIFIERS:
        return 0, QUALIFIERS.index(name), ""
    return 0, OTHER, name
