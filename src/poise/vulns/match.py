"""Compares the software of a machine with the index of advisories. Reads stored facts alone, never a disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.model.host.software import Package, Software
from poise.model.host.vulnerabilities import KnownVulnerability, Unmatched, Vulnerabilities
from poise.vulns.groups import Hit, together
from poise.vulns.index import EPSS, KEV, Index
from poise.vulns.kernels import Role, role, source_of
from poise.vulns.names import LANGUAGES, channels, distribution, package_name
from poise.vulns.ranges import affects
from poise.vulns.streams import concerns
from poise.vulns.uncovered import fixed_in_newer
from poise.vulns.versions.schemes import is_version, scheme

BY_SOURCE = frozenset({"Debian", "Ubuntu", "Alpine", "Wolfi", "Chainguard", "Rocky Linux", "openSUSE", "SUSE"})
"""Distributions whose advisories name source packages; those of the others name what is installed."""
SYSTEM = frozenset({"deb", "rpm", "apk"})
"""Kinds of packages that a distribution's advisories are about."""
MOST_REMEMBERED = 200_000


class Question(msgspec.Struct, frozen=True):
    """What the vulnerabilities of a package depend on."""

    package: Package
    ecosystems: tuple[str, ...]


class Matcher:
    """Answers for many machines; equal packages are looked up once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._answers: dict[Question, tuple[KnownVulnerability, ...]] = {}
        self._fetched = {feed.name: feed.fetched.isoformat() for feed in index.feeds()}

    def match(self, software: Software) -> Vulnerabilities:
        """Return the known vulnerabilities of a machine. What software could not say stays unread."""
        unread = software.unread
        gaps = {name: unread[name] for name in ("packages", "os") if name in unread}
        if gaps:
            return _record(software, unread=dict.fromkeys(DERIVED, next(iter(gaps.values()))))
        found: dict[tuple[str, str, str], KnownVulnerability] = {}
        unmatched: dict[tuple[str, str], int] = defaultdict(int)
        used: set[str] = set()
        matched = owned = 0
        for package in software.packages:
            if package.owner and package.ecosystem in LANGUAGES:
                owned += 1
                continue
            ecosystems = _ecosystems(package, software)
            reason = self._obstacle(package, software, ecosystems)
            if reason:
                unmatched[package.ecosystem, reason] += 1
            else:
                matched += 1
                used.update(ecosystems)
            for one in self._of(package, software, ecosystems):
                key = (one.package, one.version, one.id)
                found[key] = _joined(found[key], one) if key in found else one
        return _record(
            software,
            found=tuple(sorted(found.values(), key=urgency)),
            matched=matched,
            owned=owned,
            unmatched=tuple(
                Unmatched(ecosystem=ecosystem, reason=reason, packages=count)
                for (ecosystem, reason), count in sorted(unmatched.items())
            ),
            index_date=self._oldest(used),
            kev_date=self._fetched.get(KEV),
            epss_date=self._fetched.get(EPSS),
        )

    def _oldest(self, ecosystems: Iterable[str]) -> str | None:
        """Return when the oldest feed about some ecosystems was fetched; of all feeds where none is named."""
        names = {feed for ecosystem in ecosystems for feed in self._index.covered(ecosystem)} or self._fetched.keys()
        return min((self._fetched[name] for name in names if name in self._fetched), default=None)

    def _obstacle(self, package: Package, software: Software, ecosystems: tuple[str, ...]) -> str:
        """Return why a package cannot be compared; empty if it can."""
        if not ecosystems and package.ecosystem in SYSTEM:
            named = f" ({software.os.id} {software.os.version})" if software.os.id else ""
            return f"distribution unknown{named}: not matched"
        if not ecosystems:
            return "there is no feed for such packages"
        for ecosystem in ecosystems:
            if not self._index.covered(ecosystem):
                return f"no feed with advisories of {ecosystem} was fetched"
        if not package.version:
            return "its version is not known"
        orders = ((scheme(ecosystem), _looked_up(package, ecosystem)[1]) for ecosystem in ecosystems)
        odd = next((version for key, version in orders if key is None or not is_version(key, version)), "")
        return f"version {odd[:80]!r} cannot be ordered: compared with versions named one by one alone" if odd else ""

    def _of(self, package: Package, software: Software, ecosystems: tuple[str, ...]) -> Iterator[KnownVulnerability]:
        kernel = role(package, software)
        if kernel is Role.PART:
            return
        question = Question(msgspec.structs.replace(package, place=""), ecosystems)
        answer = self._answers.get(question)
        if answer is None:
            if len(self._answers) >= MOST_REMEMBERED:
                self._answers.clear()
            answer = self._answers[question] = tuple(together(self._index, package, self._hits(question)))
        for one in answer:
            yield msgspec.structs.replace(one, booted=kernel is not Role.RESTING, places=(package.place,))

    def _hits(self, question: Question) -> Iterator[Hit]:
        for ecosystem in question.ecosystems:
            name, version = _looked_up(question.package, ecosystem)
            for feed, advisory in self._index.advisories(ecosystem, package_name(ecosystem, name)):
                parts = [
                    p for p in advisory.affected if (p.ecosystem, p.name) == (ecosystem, package_name(ecosystem, name))
                ]
                hit = next((p for p in parts if concerns(p, question.package) and affects(p, version)), None)
                if hit is not None and hit.status != "not_affected" and not fixed_in_newer(advisory, hit, version):
                    yield Hit(feed, advisory, hit, version)


DERIVED = ("found", "matched", "unmatched", "owned", "index_date", "kev_date", "epss_date")


def _ecosystems(package: Package, software: Software) -> tuple[str, ...]:
    """Return the ecosystems whose advisories bind a package; none where that is not known."""
    if package.ecosystem in LANGUAGES:
        return (LANGUAGES[package.ecosystem],)
    system = distribution(software.os) if package.ecosystem in SYSTEM else None
    return channels(system, package) if system else ()


def urgency(one: KnownVulnerability) -> tuple[bool, bool, float, float, str, str]:
    """Return the key that sorts worst first: known exploited, then probability of exploitation, then score."""
    score = one.cvss.score if one.cvss else 0.0
    return (one.status == "withdrawn" or not one.booted, not one.kev, -(one.epss or 0.0), -score, one.id, one.package)


def _looked_up(package: Package, ecosystem: str) -> tuple[str, str]:
    """Return name and version that advisories of an ecosystem speak of."""
    if ecosystem.partition(":")[0] not in BY_SOURCE:
        return package.name, package.full_version
    return source_of(package)


def _joined(one: KnownVulnerability, other: KnownVulnerability) -> KnownVulnerability:
    places = tuple(sorted({*one.places, *other.places}))
    return msgspec.structs.replace(one, places=places, booted=one.booted or other.booted)


def _record(software: Software, unread: Mapping[str, str] | None = None, **fields: Any) -> Vulnerabilities:
    gaps = dict(unread or {})
    facts: dict[str, Any] = dict(fields)
    for name, reason in software.unread.items():
        gaps |= {"tags": reason} if name == "tags" else {"end_of_life": reason} if name == "os" else {}
    if "tags" not in gaps:
        facts["tags"] = software.tags
    if "end_of_life" not in gaps:
        facts["end_of_life"] = software.os.end_of_life
    machine = software.id.removesuffix("#software")
    return Vulnerabilities(
        unread=gaps,
        id=f"{machine}#vulnerabilities",
        name=software.name,
        scope=software.scope,
        region=software.region,
        machine=machine,
        **facts,
    )


def all_of(index: Index, machines: Iterable[Software]) -> Iterator[Vulnerabilities]:
    """Yield the vulnerabilities of many machines, in order."""
    matcher = Matcher(index)
    return (matcher.match(software) for software in machines)
