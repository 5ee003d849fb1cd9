"""What a list of known vulnerabilities says, and what it cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from poise.model.host.vulnerabilities import KnownVulnerability, Vulnerabilities
from poise.model.moment import moment_of
from poise.model.verdict import Verdict, healthy, unhealthy, unknown

LIKELY = 0.1
"""Probability of exploitation within 30 days (EPSS) from which a vulnerability counts as likely used."""
MOST_SHOWN = 20
MAY_HOLD = ("affected", "wont_fix", "under_investigation")


def open_ones(record: Vulnerabilities) -> Iterator[KnownVulnerability]:
    """Yield the vulnerabilities that hold now: no withdrawn advisories, no kernels that do not boot."""
    return (one for one in record.found if one.status in ("affected", "wont_fix") and one.booted)


def may_hold(record: Vulnerabilities) -> Iterator[KnownVulnerability]:
    """Yield those, and the ones of which the distribution has not found out yet whether it has them."""
    return (one for one in record.found if one.status in MAY_HOLD and one.booted)


def is_remote(one: KnownVulnerability) -> bool:
    """Return whether anyone on the network can use it, with no account and no help (CVSS v3.1 2.1, v4.0 2.1)."""
    if one.cvss is None:
        return False
    marks = set(one.cvss.vector.split("/"))
    return "AV:N" in marks and ({"PR:N", "UI:N"} <= marks or "Au:N" in marks)


def is_exploited(one: KnownVulnerability) -> bool:
    """Return whether it is known to be used."""
    return one.kev


def is_likely_used(one: KnownVulnerability) -> bool:
    """Return whether it is likely to be used within 30 days."""
    return one.epss is not None and one.epss >= LIKELY


LISTS: Mapping[Callable[[KnownVulnerability], bool], str] = {
    is_exploited: "the catalogue of known exploited vulnerabilities (KEV)",
    is_likely_used: "the list of probabilities of exploitation (EPSS)",
}
"""Question -> the list that answers it."""


class Sort(msgspec.Struct, frozen=True):
    """A sort of vulnerabilities that a check looks for."""

    words: str
    """What they are: `known to be exploited`."""
    has: Callable[[KnownVulnerability], bool]
    """Whether one is of it."""
    may_have: Callable[[KnownVulnerability], bool] | None = None
    """Whether one may be of it, since nobody rated it."""


def judged(record: Vulnerabilities, now: datetime, max_age_days: int, sort: Sort) -> Verdict:
    """Return unhealthy with the vulnerabilities of a sort; healthy only if everything was compared, and lately."""
    found = [one for one in open_ones(record) if sort.has(one)]
    if found:
        return unhealthy(f"{_counted(found)} {sort.words}: {_named(found)}", evidence(found))
    unrated = [one for one in open_ones(record) if sort.may_have is not None and sort.may_have(one)]
    if unrated:
        return unknown(f"nobody rated {_named(unrated)}", evidence(unrated))
    asked = [one for one in may_hold(record) if sort.has(one)]
    if asked:
        return unknown(f"its distribution is still looking into {_named(asked)}", evidence(asked))
    doubt = doubt_of(record, now, max_age_days) or _rating_doubt(record, now, max_age_days, sort)
    if doubt is not None:
        return doubt
    gone = sorted(one.id for one in record.found if one.status == "withdrawn" and sort.has(one))
    closed = f"; withdrawn: {', '.join(gone[:MOST_SHOWN])}" if gone else ""
    reason = f"no package has a vulnerability that is {sort.words}{closed}"
    dates = [record.index_date, _rating_date(record, sort)]
    return healthy(reason, next_change_at=_stale_at([date for date in dates if date], max_age_days))


def _rating_date(record: Vulnerabilities, sort: Sort) -> str | None:
    """Return when the list was fetched that tells which are of a sort; None where no list does, or nothing is open."""
    if not any(may_hold(record)):
        return None
    return record.kev_date if sort.has is is_exploited else record.epss_date if sort.has is is_likely_used else None


def _rating_doubt(record: Vulnerabilities, now: datetime, max_age_days: int, sort: Sort) -> Verdict | None:
    """Return unknown if the list that tells which are of a sort is absent or old; with nothing open none is."""
    name = LISTS.get(sort.has)
    if name is None or not any(may_hold(record)):
        return None
    date = _rating_date(record, sort)
    if date is None:
        return unknown(f"{name} was not fetched")
    if now - moment_of(date) > timedelta(days=max_age_days):
        return unknown(f"{name} is of {date[:10]}, older than {max_age_days} days")
    return None


def doubt_of(record: Vulnerabilities, now: datetime, max_age_days: int) -> Verdict | None:
    """Return unknown with the reason if not all packages could be compared with advisories of late; else None."""
    if not record.found and not record.matched and not record.unmatched:
        return unknown("no package was found on it: was its list of packages removed?")
    if record.unmatched:
        rows = ", ".join(f"{row.packages} {row.ecosystem} packages: {row.reason}" for row in record.unmatched)
        return unknown(f"not everything was compared with advisories: {rows}")
    if record.index_date is None:
        return unknown("no feed of advisories was fetched")
    if now - moment_of(record.index_date) > timedelta(days=max_age_days):
        return unknown(f"the advisories are of {record.index_date[:10]}, older than {max_age_days} days")
    return None


def evidence(found: Iterable[KnownVulnerability]) -> list[Mapping[str, object]]:
    """Return what decided, worst first."""
    rows = list(found)[:MOST_SHOWN]
    return [
        {
            "id": one.id,
            "package": one.package,
            "version": one.version,
            "fixed_in": one.fixed_in,
            "severity": one.severity,
            "kev": one.kev,
            "epss": one.epss,
            "cvss": one.cvss.score if one.cvss else None,
            "sources": [source.advisory for source in one.sources],
        }
        for one in rows
    ]


def _counted(found: list[KnownVulnerability]) -> str:
    return "1 vulnerability is" if len(found) == 1 else f"{len(found)} vulnerabilities are"


def _named(found: list[KnownVulnerability]) -> str:
    first = ", ".join(f"{one.id} in {one.package} {one.version}" for one in found[:3])
    return first if len(found) <= 3 else f"{first} and {len(found) - 3} more"


def _stale_at(dates: Iterable[str], max_age_days: int) -> datetime | None:
    first = min((moment_of(date) for date in dates), default=None)
    return None if first is None else first + timedelta(days=max_age_days, seconds=1)
