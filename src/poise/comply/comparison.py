"""Two standards side by side: what they have in common is the checks that answer both."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from poise.model.compliance import ControlStatus, Result, StandardStatus


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A control of the first standard and one of the second that the same checks answer."""

    control: str
    title: str
    state: Result
    other: str
    """Number of the control of the second standard."""
    other_title: str
    other_state: Result
    checks: tuple[str, ...]
    """Checks that are in both."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What two standards share, and what each asks alone."""

    first: StandardStatus
    second: StandardStatus
    pairs: tuple[Pair, ...]
    only_first: tuple[ControlStatus, ...]
    """Controls of the first that share no check with the second."""
    only_second: tuple[ControlStatus, ...]
    """Controls of the second that share no check with the first."""
    checks_only_first: tuple[str, ...]
    checks_only_second: tuple[str, ...]


def compare(first: StandardStatus, second: StandardStatus) -> Comparison:
    """Return what two standards share, in the order of the first."""
    pairs = _pairs(first, second)
    paired, other_paired = {pair.control for pair in pairs}, {pair.other for pair in pairs}
    checks, other_checks = _checks(first), _checks(second)
    return Comparison(
        first=first,
        second=second,
        pairs=pairs,
        only_first=tuple(c for c in first.controls if c.control not in paired),
        only_second=tuple(c for c in second.controls if c.control not in other_paired),
        checks_only_first=tuple(sorted(checks - other_checks)),
        checks_only_second=tuple(sorted(other_checks - checks)),
    )


def _pairs(first: StandardStatus, second: StandardStatus) -> tuple[Pair, ...]:
    answered: dict[str, list[int]] = defaultdict(list)
    for place, control in enumerate(second.controls):
        for assessment in control.assessments:
            answered[assessment.check].append(place)
    pairs: list[Pair] = []
    for control in first.controls:
        shared: dict[int, list[str]] = defaultdict(list)
        for assessment in control.assessments:
            for place in answered[assessment.check]:
                shared[place].append(assessment.check)
        pairs += (_pair(control, second.controls[place], tuple(shared[place])) for place in sorted(shared))
    return tuple(pairs)


def _pair(control: ControlStatus, other: ControlStatus, checks: tuple[str, ...]) -> Pair:
    return Pair(
        control=control.control,
        title=control.title,
        state=control.state,
        other=other.control,
        other_title=other.title,
        other_state=other.state,
        checks=checks,
    )


def _checks(status: StandardStatus) -> set[str]:
    return {assessment.check for control in status.controls for assessment in control.assessments}
