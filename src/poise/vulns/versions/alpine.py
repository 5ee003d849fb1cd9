"""Versions of Alpine packages: numbers, a letter, suffixes, a commit, a revision (apk-package(5))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

FORM = re.compile(r"(\d+(?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(?:~([0-9a-f]+))?(?:-r(\d+))?")
SUFFIXES = re.compile(r"_([a-z]+)(\d*)")
BEFORE = ("alpha", "beta", "pre", "rc")
AFTER = ("cvs", "svn", "git", "hg", "p")
EARLY, END, REVISION, COMMIT, SUFFIX_NUMBER, LATE, LETTER, DIGITS = range(8)


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts as `apk version`. Raises :class:`BadVersion`."""
    found = FORM.fullmatch(plain("apk", text))
    if found is None:
        raise BadVersion("apk", text)
    return tuple(_tokens(found, text))


def _tokens(found: re.Match[str], text: str) -> Iterator[tuple[Any, ...]]:
    numbers, letter, suffixes, commit, revision = found.groups()
    first, *others = numbers.split(".")
    yield (DIGITS, 1, int(first))
    for number in others:
        yield (DIGITS, 0, number) if number.startswith("0") else (DIGITS, 1, int(number))
    if letter:
        yield (LETTER, letter)
    for name, number in SUFFIXES.findall(suffixes):
        if name not in BEFORE + AFTER:
            raise BadVersion("apk", text)
        yield (EARLY, BEFORE.index(name)) if name in BEFORE else (LATE, AFTER.index(name))
        if number:
            yield (SUFFIX_NUMBER, int(number))
    if commit:
        yield (COMMIT, commit)
    if revision:
        yield (REVISION, int(revision))
    yield (END,)
