"""Reads the advisories of distributions in their own forms: Debian's security tracker, Alpine's secdb."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from poise.model.errors import BadInput
from poise.vulns.advisory import Advisory, Affected, Interval, bounds
from poise.vulns.versions.schemes import malformed

DEBIAN = {"buster": 10, "bullseye": 11, "bookworm": 12, "trixie": 13, "forky": 14, "stretch": 9, "jessie": 8}
"""Codename -> release (https://www.debian.org/releases/)."""
URGENCIES = {"low": "low", "medium": "medium", "high": "high", "unimportant": "low"}


def debian_tracker(document: Any) -> Iterator[Advisory]:
    """Yield one advisory for each CVE of the tracker's JSON. Raises :class:`BadInput` that names the package."""
    found: dict[str, list[Affected]] = {}
    for package, flaws in document.items():
        for cve, flaw in _entries(package, flaws):
            if cve.startswith(("CVE-", "TEMP-")):
                found.setdefault(cve, []).extend(_releases(package, cve, flaw))
    for cve, parts in found.items():
        yield Advisory(f"DEBIAN-{cve}", upstream=(cve,), affected=tuple(parts))


def _entries(package: str, flaws: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if not isinstance(flaws, dict):
        raise BadInput(f"Debian security tracker: {package!r} is no table of vulnerabilities.")
    return flaws.items()


def _releases(package: str, cve: str, flaw: Any) -> Iterator[Affected]:
    try:
        for codename, state in flaw["releases"].items():
            if codename in DEBIAN:
                yield _release(package, f"Debian:{DEBIAN[codename]}", state)
    except (TypeError, KeyError, AttributeError) as problem:
        raise BadInput(f"Debian security tracker: {package} {cve} cannot be understood: {problem}.") from problem


def _release(package: str, ecosystem: str, state: Mapping[str, Any]) -> Affected:
    fixed = str(state.get("fixed_version") or "")
    urgency = str(state.get("urgency") or "").rstrip("*")
    note, status = _standing(state, urgency, fixed)
    intervals = (
        () if status == "not_affected" else (Interval("0", fixed=fixed if state["status"] == "resolved" else ""),)
    )
    return Affected(
        ecosystem,
        package,
        intervals,
        status=status,
        note=note,
        severity=URGENCIES.get(urgency, ""),
        malformed=malformed(ecosystem, (bounds(interval) for interval in intervals)),
    )


def _standing(state: Mapping[str, Any], urgency: str, fixed: str) -> tuple[str, str]:
    """Return note and status of a release (https://security-team.debian.org/security_tracker.html)."""
    if state["status"] == "resolved":
        return ("unimportant" if urgency == "unimportant" else ""), "not_affected" if fixed == "0" else "affected"
    if state["status"] == "undetermined":
        return "", "under_investigation"
    if urgency in ("unimportant", "end-of-life"):
        return urgency, "affected"
    if state.get("nodsa_reason") == "ignored":
        return "no-dsa", "wont_fix"
    if state.get("nodsa_reason") == "postponed":
        return "postponed", "affected"
    return ("no-dsa" if "nodsa" in state else ""), "affected"


def alpine_secdb(document: Mapping[str, Any]) -> Iterator[Advisory]:
    """Yield one advisory for each fix of a branch of Alpine's secdb. Raises :class:`BadInput` for a bad package."""
    branch = document["distroversion"]
    for row in document["packages"]:
        try:
            package = row["pkg"]
            for version, ids in package["secfixes"].items():
                for id in ids or ():
                    yield _secfix(branch, package["name"], str(version), id.split()[0])
        except (TypeError, KeyError, AttributeError, IndexError) as problem:
            raise BadInput(f"Alpine secdb {branch}: {str(row)[:80]} cannot be understood: {problem}.") from problem


def _secfix(branch: str, package: str, fixed: str, id: str) -> Advisory:
    is_never = fixed == "0"
    ecosystem = f"Alpine:{branch}"
    part = Affected(
        ecosystem,
        package,
        () if is_never else (Interval("0", fixed=fixed),),
        status="not_affected" if is_never else "affected",
        malformed=malformed(ecosystem, [(fixed,)]),
    )
    return Advisory(f"ALPINE-{branch}-{package}-{id}", upstream=(id,), affected=(part,))
