"""Which vulnerabilities of a finding an exemption means. A finding is exempt only if all of its own are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from poise.model.exemption import Covers
from poise.policy.vulnerabilities import MOST_SHOWN

Row = Mapping[str, Any]


def rows_of(evidence: Any) -> tuple[Row, ...]:
    """Return the vulnerabilities that the evidence of a finding names; none if it is about something else."""
    if not isinstance(evidence, list | tuple) or not all(isinstance(row, Mapping) for row in evidence):
        return ()
    return tuple(row for row in evidence if "id" in row and "package" in row)


def left_out(covers: Covers, evidence: Any) -> frozenset[int]:
    """Return the places, in the evidence, of the vulnerabilities that are meant."""
    return frozenset(place for place, row in enumerate(rows_of(evidence)) if _is_meant(covers, row))


def is_whole(places: frozenset[int], evidence: Any) -> bool:
    """Whether these are all vulnerabilities of the finding.

    Evidence names a limited number: a finding with so many may have more, and is never taken for wholly exempt.
    """
    rows = rows_of(evidence)
    return 0 < len(rows) < MOST_SHOWN and len(places) == len(rows)


def names_of(places: frozenset[int], evidence: Any) -> Sequence[str]:
    """Return the ids of the vulnerabilities at some places, in the order of the evidence."""
    rows = rows_of(evidence)
    return tuple(dict.fromkeys(str(rows[place]["id"]) for place in sorted(places)))


def _is_meant(covers: Covers, row: Row) -> bool:
    if covers.cves:
        ids = {str(id).casefold() for id in (row["id"], *(row.get("sources") or ()))}
        if not ids & {id.casefold() for id in covers.cves}:
            return False
    if covers.cvss_at_least is None and covers.cvss_at_most is None:
        return True
    score = row.get("cvss")
    if not isinstance(score, int | float):
        return False
    lowest = 0.0 if covers.cvss_at_least is None else covers.cvss_at_least
    highest = 10.0 if covers.cvss_at_most is None else covers.cvss_at_most
    return lowest <= score <= highest
