"""How much was searched for attack paths, so that none found never means none looked for; numbers that link there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from poise.app import path_lists, queries
from poise.app import paths as attack_paths
from poise.model.listings import PartitionState
from poise.web.tally import ONLY_COUNT, Tally
from poise.web.visit import Visit


@dataclass(frozen=True)
class Blind:
    """A scope of which not everything was analysed, and why."""

    scope: str
    why: str


@dataclass(frozen=True)
class Searched:
    """What the last search looked at."""

    searched_at: datetime | None
    """None if the estate was never searched."""
    paths: int
    assets: int
    steps: int
    """Things that somebody could do next, of all kinds."""
    entries: int
    targets: int
    unread: int
    """Steps that were left out because something that decides was not read."""
    why: str
    best_attempt: Sequence[Mapping[str, Any]]
    blind: Sequence[Blind]
    left_out: str
    """What the search left out, as there was too much of it; empty for nothing."""


def searched(visit: Visit) -> Searched:
    """Return what the last search looked at, in the scopes of the page."""
    found = attack_paths.why_no_paths(visit.workspace)
    at = found["searched_at"]
    return Searched(
        datetime.fromisoformat(at) if at else None,
        len(attack_paths.paths(visit.workspace, scopes=visit.scopes)),
        queries.assets(visit.workspace, visit.wanted_assets, ONLY_COUNT).total,
        found.get("steps", 0),
        found.get("entries", 0),
        found.get("targets", 0),
        found.get("unread", 0),
        found["why"],
        found.get("best_attempt", ()),
        tuple(_blind(visit)),
        attack_paths.left_out(visit.workspace)["says"],
    )


def _blind(visit: Visit) -> list[Blind]:
    unread = {
        scope.scope
        for scope in visit.coverage.scopes
        if scope.state is not PartitionState.DONE and (not visit.scopes or scope.scope in visit.scopes)
    }
    calls: dict[str, list[str]] = {scope: [] for scope in sorted(unread)}
    for row in visit.coverage.gaps:
        if row.scope in calls and not row.gap.expected:
            calls[row.scope].append(row.gap.permission or row.gap.call)
    return [Blind(scope, ", ".join(dict.fromkeys(told)) or "not all was read") for scope, told in calls.items()]


def standing_href(visit: Visit, **more: str) -> str:
    """Link to the paths that count in numbers."""
    return visit.address.at("attack-paths", **more, status=tuple(sorted(path_lists.STANDING)))


def tile(visit: Visit) -> Tally:
    """Count the paths that stand, or say how much was analysed where there is none."""
    rows = path_lists.standing(visit.workspace, visit.scopes)
    critical = sum(row["risk"]["level"] == "critical" for row in rows)
    if rows:
        return Tally(len(rows), standing_href(visit), "Attack paths", f"{critical} critical", "critical")
    assets = queries.assets(visit.workspace, visit.wanted_assets, ONLY_COUNT).total
    note = f"none in {assets:,} assets" if attack_paths.why_no_paths(visit.workspace)["searched_at"] else "not searched"
    return Tally(0, visit.address.at("attack-paths"), "Attack paths", note)


def meeting(visit: Visit) -> Mapping[str, Any] | None:
    """Return the place that every way of most paths passes, where there is one of several paths."""
    found = [row for row in attack_paths.meeting_points(visit.workspace) if len(row["paths"]) > 1]
    return max(found, key=lambda row: len(row["paths"]), default=None)
