"""Loads standards and the secure score from the TOML files of this folder."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from poise.model.errors import BadInput
from poise.model.standard import ScoreControl


@cache
def score_controls() -> tuple[ScoreControl, ...]:
    """Return the controls of the secure score, in the order of the file.

    Raises :class:`BadInput` if a check is in more than one control.
    """
    table = tomllib.loads(files(__package__).joinpath("secure_score.toml").read_text("utf-8"))
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
