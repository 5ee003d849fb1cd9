"""How values look to people in tables: words, colours and times."""

from __future__ import annotations

from typing import Any

LEVELS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "blue"}
STATES = {"healthy": "green", "unhealthy": "red", "unknown": "yellow", "not_applicable": "dim"}


def level_style(value: Any) -> str:
    """Return the colour of a severity or risk level."""
    return LEVELS.get(str(value), "")


def state_style(value: Any) -> str:
    """Return the colour of a verdict's state."""
    return STATES.get(str(value), "")


def state_words(value: Any) -> str:
    """Return a state as words: `not applicable`."""
    return str(value).replace("_", " ")


def right_or_red(value: Any) -> str:
    """Return the colour of a test's outcome."""
    return "green" if value == "right" else "red"


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return `1 check`, `2 checks`, `8,921 assets`."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def moment(value: Any) -> str:
    """Return a time as people read it: `2026-11-25 12:00 UTC`."""
    return f"{str(value)[:16].replace('T', ' ')} UTC" if value else ""
