"""One vulnerability for all advisories that are aliases of each other, with what each of them says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from poise.model.host.software import Package
from poise.model.host.vulnerabilities import Cvss, KnownVulnerability, Source
from poise.vulns.advisory import Advisory, Affected
from poise.vulns.index import Index
from poise.vulns.names import is_distribution
from poise.vulns.ranges import cure
from poise.vulns.scores import LEVELS, severity, worst
from poise.vulns.versions.schemes import scheme

UNRATED = "unknown"
RATING = "rating"
"""Status of a source that says nothing of the package: only its rating is used."""
STATUSES = ("affected", "wont_fix", "under_investigation", "withdrawn")
"""The first that any source states holds."""


class Hit(msgspec.Struct, frozen=True):
    """An advisory that speaks of an installed version."""

    feed: str
    advisory: Advisory
    part: Affected
    version: str
    """The version that was compared: a source package's where advisories name these."""

    @property
    def status(self) -> str:
        """What it says."""
        return "withdrawn" if self.advisory.withdrawn else self.part.status


def together(index: Index, package: Package, hits: Iterable[Hit]) -> Iterator[KnownVulnerability]:
    """Yield one vulnerability for each group of aliases.

    A distribution's advisory stands for each vulnerability that it names as its upstream, and is no alias of them.
    """
    groups: dict[str, list[Hit]] = defaultdict(list)
    aliases: dict[str, frozenset[str]] = {}
    for hit in hits:
        for ids in _identities(index, hit):
            name = canonical(ids)
            groups[name].append(hit)
            aliases[name] = ids | aliases.get(name, frozenset())
    for name, members in groups.items():
        yield _known(index, package, name, aliases[name], members)


def canonical(ids: Iterable[str]) -> str:
    """Return the id that names a group: a CVE id where there is one."""
    return min(ids, key=lambda id: (not id.startswith("CVE-"), id))


def _identities(index: Index, hit: Hit) -> Iterator[frozenset[str]]:
    advisory = hit.advisory
    if not is_distribution(hit.part.ecosystem):
        yield index.closure(advisory.id) | {advisory.id}
        return
    named = advisory.upstream or tuple(alias for alias in advisory.aliases if alias.startswith("CVE-"))
    cves = tuple(id for id in named if id.startswith("CVE-")) or named or (advisory.id,)
    for id in cves:
        yield frozenset({id})


def _known(index: Index, package: Package, name: str, ids: frozenset[str], hits: list[Hit]) -> KnownVulnerability:
    status = min((hit.status for hit in hits), key=STATUSES.index)
    holding = [hit for hit in hits if hit.status == status]
    cvss = worst([hit.advisory for hit in holding])
    rated = severity(((hit.advisory, hit.part) for hit in holding), cvss)
    sources = {_source(hit) for hit in hits}
    if rated == UNRATED:
        rated, cvss, lender = _borrowed(index, ids, {hit.advisory.id for hit in hits})
        sources |= lender
    return KnownVulnerability(
        id=name,
        aliases=tuple(sorted(ids - {name})),
        package=package.name,
        version=package.full_version,
        ecosystem=hits[0].part.ecosystem,
        purl=package.purl,
        status=status,
        booted=True,
        fixed_in=_cure(holding),
        severity=rated,
        cvss=cvss,
        epss=index.probability(sorted(ids)),
        kev=index.exploited(sorted(ids)),
        published=min((hit.advisory.published[:10] for hit in holding if hit.advisory.published), default=None),
        sources=tuple(sorted(sources, key=lambda source: (source.advisory, source.feed, source.status))),
        places=(),
    )


def _borrowed(index: Index, ids: frozenset[str], own: set[str]) -> tuple[str, Cvss | None, set[Source]]:
    """Return how other feeds rate a vulnerability that the one at hand does not rate, the score and who says so."""
    found = []
    for feed, advisory in index.ratings(sorted(ids)):
        if advisory.id in own or advisory.withdrawn:
            continue
        cvss = worst([advisory])
        level = severity(((advisory, part) for part in advisory.affected), cvss)
        if level != UNRATED:
            found.append((LEVELS.index(level), cvss.score if cvss else 0.0, advisory.id, feed, cvss))
    if not found:
        return UNRATED, None, set()
    best, _, id, feed, cvss = max(found, key=lambda one: one[:4])
    return LEVELS[best], cvss, {Source(advisory=id, feed=feed, status=RATING, note="")}


def _cure(hits: Iterable[Hit]) -> str | None:
    """Return the version that satisfies every source that names one."""
    texts = [text for hit in hits if (text := cure(hit.part, hit.version)) is not None]
    key = scheme(next(iter(hits)).part.ecosystem)
    return max(texts, key=key, default=None) if key else None


def _source(hit: Hit) -> Source:
    return Source(advisory=hit.advisory.id, feed=hit.feed, status=hit.status, note=hit.part.note)
