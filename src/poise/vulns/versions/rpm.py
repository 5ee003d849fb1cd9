"""Versions of RPM packages: epoch, version, release, with `~` before and `^` after (rpm-version(7))."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

TOKENS = re.compile(r"~|\^|[0-9]+|[A-Za-z]+")
TILDE, END, CARET, LETTERS, NUMBER = range(5)


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts as rpm does; no epoch is epoch 0. Raises :class:`BadVersion`."""
    whole = plain("rpm", text)
    epoch, colon, rest = whole.partition(":")
    if not colon:
        epoch, rest = "0", whole
    if not epoch.isdigit() or not rest:
        raise BadVersion("rpm", text)
    version, dash, release = rest.rpartition("-")
    return int(epoch), part(version if dash else rest), part(release if dash else "")


def part(text: str) -> tuple[Any, ...]:
    """Return the key of a version or a release alone."""
    return (*map(_piece, TOKENS.findall(text)), (END,))


def _piece(text: str) -> tuple[Any, ...]:
    if text == "~":
        return (TILDE,)
    if text == "^":
        return (CARET,)
    return (NUMBER, int(text)) if text.isdigit() else (LETTERS, text)
