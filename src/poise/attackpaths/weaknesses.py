"""Vulnerabilities of machines as rules see them: of the machine itself, of its image, of software that it runs."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.facts import Facts
from poise.model.graph import Edge, EdgeKind

HAS, RUNS = EdgeKind.HAS_VULNERABILITY, EdgeKind.IS_RUNNING
KNOWN_EXPLOITED, LEAST = 1.0, 0.25
"""Chance of a vulnerability that is being used, and of one of which nothing is known."""


def weaknesses(facts: Facts, insight: str) -> Iterator[tuple[str, Edge]]:
    """Yield each machine with an edge to a vulnerability of which an insight is true."""
    for found in facts.of(HAS):
        if facts.insight(found.target, insight) is True:
            yield found.source, found
            for run in facts.into(RUNS, found.source):
                yield run.source, found


def likelihood(facts: Facts, found: Edge) -> float:
    """Return how likely a vulnerability is used: known to be, or as EPSS says, within bounds."""
    if facts.insight(found.target, "known_exploited") is True:
        return KNOWN_EXPLOITED
    epss = facts.insight(found.target, "epss")
    return min(KNOWN_EXPLOITED, max(LEAST, epss)) if isinstance(epss, float) else LEAST


def listens_on(facts: Facts, found: Edge) -> tuple[str, ...]:
    """Return the ports on which the vulnerable software listens; none if that is not known."""
    return found.ports
