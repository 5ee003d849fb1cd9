"""Versions of Ruby gems (Gem::Version)."""

from __future__ import annotations

import re
from functools import lru_cache, total_ordering
from itertools import zip_longest
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

FORM = re.compile(r"\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
SEGMENTS = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
Segment = tuple[int, Any]
NOTHING: Segment = (1, 0)


@total_ordering
class GemKey:
    """A gem's version; what is missing counts as 0, and letters come before numbers."""

    __slots__ = ("segments",)

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        self.segments = segments

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GemKey) and self.segments == other.segments

    def __lt__(self, other: GemKey) -> bool:
        pairs = zip_longest(self.segments, other.segments, fillvalue=NOTHING)
        return next((mine < theirs for mine, theirs in pairs if mine != theirs), False)

    def __hash__(self) -> int:
        return hash(self.segments)


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts as RubyGems does. Raises :class:`BadVersion`."""
    version = plain("gem", text)
    if not FORM.fullmatch(version):
        raise BadVersion("gem", text)
    found = SEGMENTS.findall(version.replace("-", ".pre."))
    segments: list[Segment] = [(1, int(part)) if part.isdigit() else (0, part) for part in found]
    first = next((at for at, segment in enumerate(segments) if segment[0] == 0), len(segments))
    return GemKey((*_trimmed(segments[:first]), *_trimmed(segments[first:])))


def _trimmed(segments: list[Segment]) -> list[Segment]:
    while segments and segments[-1] == NOTHING:
        segments = segments[:-1]
    return segments
