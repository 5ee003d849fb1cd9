"""What other rules would make of risks, in words and rows; and how options and files name such rules."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from poise.cli.output.answer import Column, Row
from poise.cli.output.words import counted, level_style
from poise.collect.files import text_of
from poise.model.errors import BadInput, UsageError
from poise.score.risk_rules import RiskRules, risk_rules

if TYPE_CHECKING:
    from poise.app.risk_preview import RiskPreview

COLUMNS = (
    Column("Before", "before", style=level_style),
    Column("After", "after", style=level_style),
    Column("Points", "points"),
    Column("Asset", "asset.name"),
    Column("Title", "title"),
    Column("Id", "id"),
)


def tables_of(levels: Sequence[str] | None, points: Sequence[str] | None) -> dict[str, Any]:
    """Return the tables of `[risk]` that options name: `high=60`, `exposure.wide=30`.

    Raises :class:`UsageError` for what is not of that form; what the tables may hold is not looked at.
    """
    found: dict[str, Any] = {}
    for text in levels or ():
        name, number = _pair("--level", text, "critical=90")
        found.setdefault("levels", {})[name] = number
    for text in points or ():
        name, number = _pair("--points", text, "exposure.wide=30")
        factor, dot, part = name.partition(".")
        if not (factor and dot and part):
            raise UsageError(f"--points is {text!r}.", "Give a factor, its part and a number: exposure.wide=30.")
        found.setdefault("points", {}).setdefault(factor, {})[part] = number
    return found


def rules_of_file(path: Path) -> RiskRules:
    """Return the rules that a settings file sets. Raises :class:`UsageError` and :class:`BadInput`."""
    try:
        table = tomllib.loads(text_of(path))
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise BadInput(f"{path} is not valid TOML: {problem}.") from problem
    if not isinstance(table.get("risk"), dict):
        raise UsageError(f"{path} holds no table [risk].", "docs/concepts/risk.md shows what it may hold.")
    return risk_rules(table["risk"], str(path))


def rows(found: RiskPreview) -> list[Row]:
    """Return a row for each finding that would move, with the sums of its points."""
    return [
        msgspec.to_builtins(one) | {"points": f"{one.points_before:g} -> {one.points_after:g}"} for one in found.moved
    ]


def words(found: RiskPreview, named: Mapping[str, Any]) -> Iterator[str]:
    """Yield what would move in all, what the score would be, and how to set it."""
    total, moving = sum(found.before.values()), sum(turn.findings for turn in found.turns)
    turns = "; ".join(f"{turn.findings:,} from {turn.before} to {turn.after}" for turn in found.turns)
    yield f"{moving:,} of {counted(total, 'open finding')} would move{f': {turns}' if turns else ''}."
    if moving > len(found.moved):
        yield f"The {len(found.moved)} that move farthest are shown."
    if found.score_before and found.score_after:
        now, then = f"{found.score_before.percentage * 100:.2f} %", f"{found.score_after.percentage * 100:.2f} %"
        yield f"The risk-based score would go from {now} to {then}."
    yield "Nothing is changed."
    if named:
        yield "To set it, write this into poise.toml; it acts with the next scan:"
        yield from _toml("risk", named)


def _toml(place: str, table: Mapping[str, Any]) -> Iterator[str]:
    plain = {name: value for name, value in table.items() if not isinstance(value, Mapping)}
    if plain:
        yield f"[{place}]"
        yield from (f"{name} = {value}" for name, value in plain.items())
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _toml(f"{place}.{name}", value)


def _pair(option: str, text: str, example: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not name.strip() or not (number.strip().isascii() and number.strip().isdigit()):
        raise UsageError(f"{option} is {text!r}.", f"Give a name and a whole number: {example}.")
    return name.strip(), int(number)
