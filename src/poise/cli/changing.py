"""The change of a score, and moments of the past, in words and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from poise.cli.output.answer import Column
from poise.cli.output.blocks import Block, Grid, Heading, Paragraph
from poise.cli.output.words import counted

if TYPE_CHECKING:
    from poise.app.changes import ScoreChange
    from poise.score.cloud import CloudScore


def _change(ratio: Any) -> str:
    return signed(ratio)


PART_COLUMNS = (
    Column("Part", "part"),
    Column("Before", "before", lambda ratio: f"{ratio * 100:.2f} %"),
    Column("After", "after", lambda ratio: f"{ratio * 100:.2f} %"),
    Column("Change", "difference", _change),
    Column("Assets", "assets"),
)
CAUSE_COLUMNS = (
    Column("Part", "part"),
    Column("Check", "check"),
    Column("Control", "control", lambda control: control or "not scored"),
    Column("From -> to", "turns", lambda turns: "; ".join(f"{turn} ({count})" for turn, count in turns.items())),
    Column("Assets", "named"),
)
ASSET_COLUMNS = (
    Column("Part", "part"),
    Column("Asset", "asset.name"),
    Column("From", "before", lambda state: state or "none"),
    Column("To", "after", lambda state: state or "none"),
    Column("Scope", "asset.scope"),
    Column("Id", "asset.id"),
)
NAMED = 3
SHOWN = 20
"""Checks that are shown for people."""
MomentText = Annotated[str, typer.Argument(metavar="TIME", help="2026-11-25, a time in ISO 8601, or 7d.")]


def signed(ratio: float) -> str:
    """Return `+1.25 points`."""
    return f"{ratio * 100:+.2f} points"


def names_of(cause: dict[str, Any]) -> str:
    """Return the names of the first assets of a check, and how many more there are of all."""
    named = [asset["asset"]["name"] for asset in cause["assets"][:NAMED]]
    more = cause["count"] - len(named)
    return ", ".join([*named, f"{more:,} more"] if more else named)


def change_words(change: ScoreChange) -> str:
    """Return the change in one sentence."""
    span = f"from {change.first:%Y-%m-%d %H:%M} to {change.then:%Y-%m-%d %H:%M} UTC"
    before, after = f"{change.before * 100:.2f} %", f"{change.after * 100:.2f} %"
    if not change.difference:
        return f"The {change.formula} score stayed at {after} {span}."
    return f"The {change.formula} score went from {before} to {after} ({signed(change.difference)}) {span}."


def change_blocks(change: ScoreChange) -> list[Block]:
    """Return the parts of a change, and the checks and assets behind each."""
    document = msgspec.to_builtins(change)
    blocks: list[Block] = [
        Heading(change_words(change)),
        Paragraph("Each part is the score after it minus the score before it, applied in this order."),
        Grid(document["parts"], PART_COLUMNS),
    ]
    causes = [
        {"part": part["part"], "named": names_of(check), **check}
        for part in document["parts"]
        for check in part["checks"]
    ]
    if causes:
        blocks += [Heading("Behind it"), Grid(causes[:SHOWN], CAUSE_COLUMNS)]
    if len(causes) > SHOWN:
        blocks.append(
            Paragraph(f"{len(causes) - SHOWN} more checks: -o json shows all, --check ID the assets behind one.")
        )
    return blocks


def asset_blocks(change: ScoreChange) -> list[Block]:
    """Return every asset that a change names."""
    rows = [
        {"part": part.part, **msgspec.to_builtins(one)}
        for part in change.parts
        for check in part.checks
        for one in check.assets
    ]
    return [Heading("Assets"), Grid(rows, ASSET_COLUMNS)] if rows else []


def risk_words(score: CloudScore) -> str:
    """Return the risk-based score as a person reads it, never without its range."""
    if not score.assets:
        return f"No risk-based score: nothing could be judged ({score.unknown:,} unknown)."
    words = f"Risk-based score {score.percentage * 100:.2f} % over {counted(score.assets, 'asset')}"
    words += f" (reading {score.reading})"
    if not score.unknown:
        return f"{words}."
    low, high = f"{score.range.low * 100:.2f} %", f"{score.range.high * 100:.2f} %"
    return f"{words}, between {low} and {high} ({score.unknown:,} unknown)."
