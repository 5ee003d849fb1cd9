"""The secure score in words and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from poise.cli.output.answer import Column

if TYPE_CHECKING:
    from poise.score.secure import SecureScore


def percent(ratio: Any) -> str:
    """Return `62 %`."""
    return f"{ratio * 100:.0f} %"


COLUMNS = (
    Column("Scope", "scope"),
    Column("Control", "control"),
    Column("Points", "current"),
    Column("Of", "max"),
    Column("Gain", "potential"),
    Column("Healthy", "healthy"),
    Column("Unhealthy", "unhealthy"),
    Column("Unknown", "unknown"),
)


def control_rows(score: SecureScore) -> list[dict[str, Any]]:
    """Return a row for each scope and control, most to gain first."""
    rows = [
        {"scope": scope.scope, **msgspec.to_builtins(control)}
        for scope in score.scopes
        for control in scope.controls
        if control.weight or control.unknown
    ]
    return sorted(rows, key=lambda row: (-row["potential"], row["scope"], row["control"]))


def overall_words(score: SecureScore) -> str:
    """Return the score as a person reads it, never without its range."""
    overall = score.overall
    if not overall.max:
        return f"No secure score: nothing that is scored could be judged ({overall.unknown:,} unknown)."
    words = f"Secure score {percent(overall.percentage)}"
    points = f"{overall.current:.2f} of {overall.max} points."
    if not overall.unknown:
        return f"{words}; {points}"
    low, high = percent(overall.range.low), percent(overall.range.high)
    return f"{words}, between {low} and {high} ({overall.unknown:,} unknown); {points}"
