"""What happened to a finding, and how an asset's configuration changed between two readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from poise.model.asset import Asset, to_json
from poise.model.finding import Effect
from poise.model.listings import AssetVersion, FindingRow
from poise.web.words import label

UNREAD = "not read: "


@dataclass(frozen=True)
class Event:
    """One thing that happened."""

    at: datetime
    says: str
    mark: str = ""


@dataclass(frozen=True)
class Change:
    """One fact that changed."""

    fact: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """What a reading found changed."""

    at: datetime
    until: datetime | None
    changes: tuple[Change, ...]
    is_first: bool


def of_finding(row: FindingRow) -> list[Event]:
    """Tell the story of a finding, the latest first."""
    events = [Event(row.read_at, f"Last read: {row.reason}", row.state.value)]
    if row.resolved_at:
        events.append(Event(row.resolved_at, "Fixed", "healthy"))
    if row.effect is not Effect.COUNTED and row.changed_at:
        until = f" until {row.effect_until:%Y-%m-%d}" if row.effect_until else ""
        events.append(Event(row.changed_at, f"{label(row.effect)}{until}"))
    elif row.changed_at and row.changed_at != row.first_seen:
        events.append(Event(row.changed_at, f"Became {label(row.state).lower()}", row.state.value))
    if row.reopened:
        times = "once" if row.reopened == 1 else f"{row.reopened} times"
        events.append(Event(row.changed_at or row.read_at, f"Came back {times} after it had been fixed"))
    if row.first_seen:
        events.append(Event(row.first_seen, "First seen", "unhealthy" if row.state == "unhealthy" else row.state.value))
    return sorted(events, key=lambda event: event.at, reverse=True)


def of_asset(versions: Sequence[AssetVersion]) -> list[Difference]:
    """Compare each version of an asset with the one before it, the newest first."""
    made = []
    for version, earlier in zip(versions, [*versions[1:], None], strict=True):
        changes = tuple(_changes(earlier.asset, version.asset)) if earlier else ()
        made.append(Difference(version.valid_from, version.valid_to, changes, earlier is None))
    return made


def _changes(before: Asset, after: Asset) -> Iterator[Change]:
    old, new = _facts(before), _facts(after)
    for fact in sorted(old.keys() | new.keys()):
        if old.get(fact) != new.get(fact):
            yield Change(fact, old.get(fact), new.get(fact))


def _facts(asset: Asset) -> dict[str, Any]:
    shaped = to_json(asset)
    gaps = {fact: f"{UNREAD}{reason}" for fact, reason in shaped["unread"].items()}
    facts: dict[str, Any] = shaped["record"] | {"name": shaped["name"], "region": shaped["region"]}
    return facts | {"tags": shaped["tags"]} | gaps
