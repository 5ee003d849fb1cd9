"""Semantic versions (semver.org 2.0.0) as npm, Cargo, Go and NuGet write them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

FORM = re.compile(r"(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.+-]*)?")
GO_RELEASE = re.compile(r"go(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(beta|rc)(\d+))?(?:[ +-].*)?")
GO_SHORT = re.compile(r"(\d+)\.(\d+)(beta|rc)(\d+)")


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts by precedence: a pre-release is below its release, what follows `+` does not count.

    A `v` or `=` in front and missing or additional numbers are allowed. Raises :class:`BadVersion`.
    """
    found = FORM.fullmatch(plain("semantic", text).lstrip("=vV "))
    if found is None:
        raise BadVersion("semantic", text)
    numbers = [int(number) for number in found[1].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers), _pre_release(found[2])


@lru_cache(maxsize=65536)
def go_key(text: str) -> Any:
    """Return the key of a Go module's version, or of a release of Go itself: `go1.21rc2` is 1.21.0-rc.2."""
    version = plain("Go", text)
    release = GO_RELEASE.fullmatch(version)
    if release:
        numbers = ".".join(number or "0" for number in release.group(1, 2, 3))
        return key(f"{numbers}-{release[4]}.{release[5]}" if release[4] else numbers)
    return key(GO_SHORT.sub(r"\1.\2.0-\3.\4", version))


@lru_cache(maxsize=65536)
def nuget_key(text: str) -> Any:
    """Return the key of a NuGet version: up to four numbers, labels compared without case."""
    return key(text.lower())


def _pre_release(text: str | None) -> tuple[Any, ...]:
    if not text:
        return (1,)
    parts = (((0, int(part), "") if part.isdigit() else (1, 0, part)) for part in text.split("."))
    return (0, *parts)
