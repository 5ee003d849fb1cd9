"""What a distribution leaves open in one release and has cured in a newer one."""

from __future__ import annotations

from poise.vulns.advisory import Advisory, Affected
from poise.vulns.versions.bad import BadVersion
from poise.vulns.versions.schemes import scheme


def fixed_in_newer(advisory: Advisory, part: Affected, version: str) -> bool:
    """Return whether a version has a cure that only a newer release of the distribution brought.

    Packages of a newer suite may be installed on an older release, which itself never got the cure.
    """
    if ":" not in part.ecosystem or any(interval.fixed or interval.last for interval in part.intervals):
        return False
    key = scheme(part.ecosystem)
    if key is None:
        return False
    try:
        return any(key(version) >= key(fix) for fix in _newer(advisory, part))
    except BadVersion:
        return False


def _newer(advisory: Advisory, part: Affected) -> list[str]:
    family, _, release = part.ecosystem.partition(":")
    return [
        interval.fixed
        for other in advisory.affected
        if other.name == part.name and other.ecosystem.partition(":")[0] == family
        if _number(other.ecosystem.partition(":")[2]) > _number(release)
        for interval in other.intervals
        if interval.fixed
    ]


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in release.lstrip("v").split(".") if piece.isdigit())
