"""Loads standards and the secure score from the TOML files of this folder."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from poise.model.errors import BadInput
from poise.model.finding import ControlRef
from poise.model.standard import ScoreControl, Standard
from poise.standards.reading import read
from poise.standards.sharing import Table

SCORE = "secure_score.toml"


@cache
def score_controls() -> tuple[ScoreControl, ...]:
    """Return the controls of the secure score, in the order of the file.

    Raises :class:`BadInput` if a check is in more than one control.
    """
    table = tomllib.loads(files(__package__).joinpath(SCORE).read_text("utf-8"))
    controls = tuple(
        ScoreControl(name=name, max=entry["max"], checks=tuple(entry["checks"]))
        for name, entry in table["control"].items()
    )
    seen: dict[str, str] = {}
    for control in controls:
        for check in control.checks:
            if check in seen:
                raise BadInput(f"secure_score.toml: {check} is in {seen[check]!r} and in {control.name!r}.")
            seen[check] = control.name
    return controls


def control_of() -> dict[str, str]:
    """Return check id -> name of its score control."""
    return {check: control.name for control in score_controls() for check in control.checks}


def standard_ids() -> tuple[str, ...]:
    """Return the ids of the shipped standards: the names of their files. Nothing is read."""
    names = (file.name for file in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml") and name != SCORE))


@cache
def standard(id: str) -> Standard:
    """Return a shipped standard. Raises :class:`BadInput` if its file is wrong."""
    return read(_text(id), id, f"{id}.toml", other=table)


def table(id: str) -> Table:
    """Return what the file of a shipped standard says, as TOML has it: nothing shared is filled in."""
    return tomllib.loads(_text(id))


def _text(id: str) -> str:
    return files(__package__).joinpath(f"{id}.toml").read_text("utf-8")


def standards() -> tuple[Standard, ...]:
    """Return all shipped standards, by id."""
    return tuple(standard(id) for id in standard_ids())


def references(standards: Iterable[Standard]) -> Mapping[str, tuple[ControlRef, ...]]:
    """Return check id -> the controls that it answers."""
    found: dict[str, list[ControlRef]] = defaultdict(list)
    for each in standards:
        for control in each.controls:
            for check in control.checks:
                found[check].append(ControlRef(each.id, control.number))
    return {check: tuple(refs) for check, refs in found.items()}
