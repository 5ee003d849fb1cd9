"""How much was analysed: an empty list says it, so that "nothing found" is never mistaken for "nothing looked at"."""

from __future__ import annotations

from dataclasses import dataclass

from poise.app import queries
from poise.web.visit import Visit


@dataclass(frozen=True)
class Analysed:
    """What the checks said in the scopes of a page."""

    checks: int
    """Checks that judged at least one asset."""
    judged: int
    """Verdicts healthy or unhealthy, exempt ones included."""
    unknown: int
    """Verdicts that could not be given."""


def analysed(visit: Visit) -> Analysed:
    """Add up the verdicts in the scopes of a page."""
    rows = queries.recommendations(visit.workspace, visit.wanted_findings)
    judged = [row.counts.total - row.counts.unknown - row.counts.not_applicable for row in rows]
    return Analysed(sum(count > 0 for count in judged), sum(judged), sum(row.counts.unknown for row in rows))
