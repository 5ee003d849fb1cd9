"""The feeds that there are, and where they are fetched. A mirror takes the place of each base address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

import msgspec

from poise.model.errors import UsageError
from poise.vulns.index import EPSS, KEV

BASES: Mapping[str, str] = {
    "osv": "https://osv-vulnerabilities.storage.googleapis.com",
    "debian": "https://security-tracker.debian.org/tracker/data",
    "kev": "https://www.cisa.gov/sites/default/files/feeds",
    "epss": "https://epss.empiricalsecurity.com",
}
"""Publisher -> base address."""
OSV = (
    *("PyPI", "npm", "Maven", "Go", "crates.io", "RubyGems", "NuGet", "Packagist"),
    *("Debian", "Ubuntu", "Alpine", "Red Hat", "Rocky Linux", "AlmaLinux", "openSUSE", "SUSE", "Wolfi", "Chainguard"),
)
"""Ecosystems of the OSV dumps; a distribution's has all its releases."""
TRACKER = "debian-tracker"


class Feed(msgspec.Struct, frozen=True):
    """One file of advisories."""

    name: str
    """`osv-PyPI`, `kev`."""
    publisher: str
    """Key of its base address."""
    path: str
    """Path behind the base address."""
    holds: str
    """What must be in it: advisories of this ecosystem, `kev` or `epss`."""

    def url(self, bases: Mapping[str, str]) -> str:
        """Return where it is fetched."""
        return f"{(bases.get(self.publisher) or BASES[self.publisher]).rstrip('/')}/{self.path}"


FEEDS = (
    *(Feed(f"osv-{name.replace(' ', '-')}", "osv", f"{quote(name)}/all.zip", name) for name in OSV),
    Feed(TRACKER, "debian", "json", "Debian"),
    Feed(KEV, "kev", "known_exploited_vulnerabilities.json", KEV),
    Feed(EPSS, "epss", "epss_scores-current.csv.gz", EPSS),
)


def chosen(names: Iterable[str]) -> tuple[Feed, ...]:
    """Return the feeds with these names, all if there are none. Raises :class:`UsageError` for an unknown one."""
    wanted = tuple(names)
    known = {feed.name.lower(): feed for feed in FEEDS}
    for name in wanted:
        if name.lower() not in known:
            raise UsageError(f"There is no feed {name!r}.", f"Choose from {', '.join(feed.name for feed in FEEDS)}.")
    return tuple(known[name.lower()] for name in wanted) or FEEDS
