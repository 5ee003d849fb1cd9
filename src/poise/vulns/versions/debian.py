"""Versions of Debian packages: epoch, upstream, revision (Debian Policy 5.6.12; deb-version(7))."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

PAIRS = re.compile(r"(\D*)(\d*)")
EMPTY = (0,)


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts as `dpkg --compare-versions`. Raises :class:`BadVersion`."""
    version = plain("deb", text)
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    if not epoch.isdigit() or not rest or re.search(r"\s", rest):
        raise BadVersion("deb", text)
    upstream, dash, revision = rest.rpartition("-")
    return int(epoch), _part(upstream if dash else rest), _part(revision if dash else "0")


def _part(text: str) -> tuple[Any, ...]:
    """Return letters and numbers in turn; the end is an empty run of letters, which `~` sorts before."""
    found: list[Any] = []
    for letters, digits in PAIRS.findall(text):
        found += [(*map(_weight, letters), 0), int(digits or 0)]
    while found[-2:] == [EMPTY, 0]:
        del found[-2:]
    return (*found, EMPTY)


def _weight(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256
