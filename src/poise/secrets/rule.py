"""What a secret rule is: literal keywords that must be there, a pattern around them, and a test of the match."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass

Test = Callable[[bytes], bool]
"""Tells whether a matched text can be a secret."""


class Place(enum.IntEnum):
    """Where in a text the keywords of a rule are searched, the widest first.

    The narrower, the faster; a match is lost if a secret can stand outside of it.
    """

    ANYWHERE = 0
    BY_LONG_RUN = 1
    """The match holds a run of at least 32 :data:`~poise.secrets.text.TOKEN_CHARACTERS`, as keys of 128 bits do."""
    IN_RUN = 2
    """The keyword itself stands in a run of at least 20 of them, as in tokens with a prefix and in `sig=...`."""


def anything(_: bytes) -> bool:
    """Accept every match: the pattern alone is proof enough."""
    return True


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of secret. Every match of ``pattern`` must hold one of ``keywords``, whatever its case.

    The one group of the pattern that takes part in a match is the secret. The pattern is tried only from
    ``before`` bytes ahead of a keyword to ``after`` bytes behind it, so every match must fit in there; and no part
    of it may repeat a repetition, so that its cost stays linear on hostile texts.
    """

    name: str
    """Its id, e.g. ``aws_secret_access_key``."""
    title: str
    """What people call such a secret."""
    keywords: tuple[bytes, ...]
    """Literals in lower case."""
    pattern: re.Pattern[bytes]
    """Finds the secret."""
    accept: Test = anything
    """Checksum, entropy or structure of the secret."""
    place: Place = Place.ANYWHERE
    """Where its keywords are searched."""
    before: int = 8
    """Bytes that a match may start ahead of its keyword."""
    after: int = 256
    """Bytes that a match may reach behind the start of its keyword."""


@dataclass(frozen=True)
class Candidate:
    """A secret that a rule saw, with its place as byte offsets."""

    rule: str
    start: int
    end: int

    def overlaps(self, other: Candidate) -> bool:
        """Whether both share a byte."""
        return self.start < other.end and other.start < self.end
