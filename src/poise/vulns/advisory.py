"""Advisories in one form, whatever feed they came with."""

from __future__ import annotations

import msgspec


class Interval(msgspec.Struct, frozen=True, array_like=True):
    """Versions that are affected, from one to another."""

    introduced: str
    """First affected version; `0` for all before."""
    fixed: str = ""
    """First version that is not affected any more; empty if not known."""
    last: str = ""
    """Last affected version, where that is what is stated."""
    limit: str = ""
    """Version at which nothing more is stated."""


def bounds(interval: Interval) -> tuple[str, ...]:
    """Return the versions that bound an interval; empty texts for those that do not."""
    return interval.introduced, interval.fixed, interval.last, interval.limit


class Affected(msgspec.Struct, frozen=True, array_like=True):
    """What an advisory says of one package."""

    ecosystem: str
    """`PyPI`, `Debian:12`."""
    name: str
    """Package as the ecosystem compares names."""
    intervals: tuple[Interval, ...] = ()
    versions: tuple[str, ...] = ()
    """Versions named one by one."""
    status: str = "affected"
    """What holds for versions inside: `affected`, `not_affected`, `wont_fix`, `under_investigation`."""
    note: str = ""
    """More about the status."""
    module: str = ""
    """Module stream of an rpm (`nodejs:18`); empty if it is in none."""
    severity: str = ""
    """As the feed rates it; empty if it does not."""
    unfixed: tuple[str, ...] = ()
    """Requirements that are affected, for feeds without ranges: `<1.5.1`."""
    patched: tuple[str, ...] = ()
    """Requirements that are not."""
    malformed: tuple[str, ...] = ()
    """Bounds that are no versions of the ecosystem: nothing is compared with them."""


class Advisory(msgspec.Struct, frozen=True, array_like=True):
    """One record of a feed."""

    id: str
    aliases: tuple[str, ...] = ()
    """Ids of the same vulnerability in other feeds."""
    upstream: tuple[str, ...] = ()
    """Vulnerabilities that a distribution's advisory is about."""
    published: str = ""
    withdrawn: str = ""
    vectors: tuple[str, ...] = ()
    """CVSS vectors."""
    score: float = 0.0
    """A score without a vector; 0 if there is none."""
    severity: str = ""
    """As the feed rates it as a whole; empty if it does not."""
    summary: str = ""
    affected: tuple[Affected, ...] = ()
