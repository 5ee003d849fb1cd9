"""Scores and ratings of advisories, in one scale."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from poise.model.host.vulnerabilities import Cvss
from poise.vulns.advisory import Advisory, Affected

LEVELS = ("low", "medium", "high", "critical")


@lru_cache(maxsize=65536)
def score(vector: str) -> float | None:
    """Return the base score of a CVSS vector of version 2, 3 or 4; None if it is malformed."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    try:
        if vector.startswith("CVSS:4"):
            return float(CVSS4(vector).base_score)
        if vector.startswith("CVSS:3"):
            return float(CVSS3(vector).scores()[0])
        return float(CVSS2(vector).scores()[0])
    except (CVSSError, ValueError, KeyError, IndexError):
        return None


def worst(advisories: Iterable[Advisory]) -> Cvss | None:
    """Return the worst score that advisories publish; one with a vector goes before a bare number."""
    found = [
        Cvss(vector=vector, score=value)
        for one in advisories
        for vector in one.vectors
        if (value := score(vector)) is not None
    ]
    found += [Cvss(vector="", score=one.score) for one in advisories if one.score]
    return max(found, key=lambda one: (one.score, one.vector), default=None)


def level(value: float) -> str:
    """Return the qualitative rating of a score (CVSS v3.1 specification, section 5)."""
    if value >= 9:
        return "critical"
    if value >= 7:
        return "high"
    return "medium" if value >= 4 else "low"


def severity(rows: Iterable[tuple[Advisory, Affected]], cvss: Cvss | None) -> str:
    """Return the worst rating: the score's, and what feeds say in words; `unknown` if nobody rated it.

    What a distribution calls unimportant for itself is low there, whatever the score.
    """
    pairs = tuple(rows)
    if pairs and all(part.note == "unimportant" for _, part in pairs):
        return "low"
    said = [word for one, part in pairs for word in (part.severity or one.severity,) if word]
    if cvss is not None:
        said.append(level(cvss.score))
    return max(said, key=LEVELS.index, default="unknown")
