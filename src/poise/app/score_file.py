"""The secure score from control counts alone, so that anyone can check the arithmetic."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec

from poise.collect.files import content_of
from poise.model.errors import BadInput
from poise.score.secure import ControlCount, ScopeCounts, SecureScore, score

Count = Annotated[int, msgspec.Meta(ge=0)]
SHAPE = '[{"control": "Enable MFA", "max": 10, "healthy": 1, "unhealthy": 0, "not_applicable": 0}]'


class CountedControl(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One control of a file of counts."""

    control: str
    max: Count
    """Points of the control by its definition."""
    healthy: Count
    unhealthy: Count
    not_applicable: Count = 0
    unknown: Count = 0


_decoder = msgspec.json.Decoder(list[CountedControl])


def score_of_file(path: Path) -> SecureScore:
    """Compute the score of the controls in a file; its scope is named after the file.

    Counts do not tell how many distinct assets there are: the weight is that of the greatest control, the least that
    there can be. It changes nothing, as there is one scope. Raises :class:`UsageError` and :class:`BadInput`.
    """
    controls = _read(path)
    counts = tuple(ControlCount(**msgspec.structs.asdict(one)) for one in controls)
    weight = max((one.healthy + one.unhealthy for one in counts), default=0)
    unknown = sum(one.unknown for one in counts)
    return score([ScopeCounts(scope=path.name, weight=weight, unknown=unknown, controls=counts)])


def _read(path: Path) -> list[CountedControl]:
    try:
        controls = _decoder.decode(content_of(path))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadInput(f"{path}: {problem}.", f"Expected a list like {SHAPE}.") from problem
    for name, times in Counter(one.control for one in controls).items():
        if times > 1:
            raise BadInput(f"{path}: the control {name!r} is there {times} times.", "Name each once.")
    return controls
