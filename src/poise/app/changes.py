"""Why a score changed between two moments: from stored intervals, nothing is judged again."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from poise.app.cloud_scores import rules_of
from poise.app.queries import check_of
from poise.app.scores import counts_of
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.finding import AssetRef
from poise.model.listings import AssetFilter
from poise.model.moments import Comparison
from poise.score.attribution import Cause, Moved, Part, Split, split
from poise.score.cloud import cloud_score
from poise.score.estate import Estate
from poise.score.secure import score

RISK = "of another risk"
SHOWN = 20
"""Assets that a part names for each check."""


class Formula(enum.StrEnum):
    """Which score."""

    SECURE = "secure"
    RISK = "risk"


class AssetCause(msgspec.Struct, frozen=True):
    """One asset that counts in another way."""

    asset: AssetRef
    before: str | None
    """Where its verdict was counted before; None if there was none."""
    after: str | None


class CheckCause(msgspec.Struct, frozen=True, kw_only=True):
    """One check whose verdicts count in another way."""

    check: str
    title: str
    control: str | None
    """Its control of the secure score, before or after; None if it is not scored."""
    count: int
    """Assets concerned."""
    turns: Mapping[str, int]
    """From where to where -> assets: ``unhealthy -> healthy``, or ``unhealthy, of another risk``."""
    assets: tuple[AssetCause, ...]
    """The first of them; all of them if the check was asked for."""


class PartOfChange(msgspec.Struct, frozen=True, kw_only=True):
    """What one part did to the score. ``difference`` is ``after`` minus ``before``, fractions of 0 to 1."""

    part: Part
    before: float
    after: float
    difference: float
    assets: int
    """Assets concerned."""
    checks: tuple[CheckCause, ...]


class ScoreChange(msgspec.Struct, frozen=True, kw_only=True):
    """The change of a score between two moments; the differences of the parts add up to its own."""

    formula: Formula
    first: datetime
    then: datetime
    before: float
    after: float
    difference: float
    parts: tuple[PartOfChange, ...]


class Span(msgspec.Struct, frozen=True):
    """Two moments, and what is looked at."""

    first: datetime
    then: datetime
    wanted: AssetFilter = AssetFilter()
    formula: Formula = Formula.SECURE
    check: str = ""
    """Names all assets behind this check, and no other check; the numbers are of everything."""


def score_change(workspace: Workspace, span: Span) -> ScoreChange:
    """Split the change of a score into its parts.

    Raises :class:`UsageError` if the moments make no sense, and for a check that is neither installed nor a cause.
    """
    compared = compare(workspace, span)
    found = split(compared)
    causes = {one.check for one in found.causes} | {one.check for one in found.moved}
    if span.check and span.check not in causes:
        span = replace(span, check=check_of(workspace, span.check).id)
    return change_of(workspace, span, compared, found)


def compare(workspace: Workspace, span: Span) -> Comparison:
    """Return the estate at two moments. Raises :class:`UsageError` if they make no sense."""
    _require_order(workspace, span)
    return workspace.store.moments.between(workspace.viewer, span.wanted, span.first, span.then)


def change_of(workspace: Workspace, span: Span, compared: Comparison, found: Split) -> ScoreChange:
    """Return the change of a score from a comparison that was made and split."""
    if span.formula is Formula.SECURE:  # that a finding is of another risk changes nothing there
        found = msgspec.structs.replace(found, causes=tuple(c for c in found.causes if c.before != c.after))
    facts = {**compared.before.facts, **compared.after.facts}
    controls = {id: one.control for id, one in facts.items()}
    percentages = [percentage(workspace, estate, span.formula) for estate in (found.before, *found.after.values())]
    parts = [
        PartOfChange(
            part=part,
            before=percentages[place],
            after=percentages[place + 1],
            difference=_minus(percentages[place + 1], percentages[place]),
            assets=len({(c.asset.scope, c.asset.id) for c in found.causes if c.part is part}),
            checks=_checks(_Behind(workspace, found, controls, span.check), part),
        )
        for place, part in enumerate(Part)
    ]
    return ScoreChange(
        formula=span.formula,
        first=span.first,
        then=span.then,
        before=percentages[0],
        after=percentages[-1],
        difference=_minus(percentages[-1], percentages[0]),
        parts=tuple(parts),
    )


def percentage(workspace: Workspace, estate: Estate, formula: Formula) -> float:
    """Return a score of an estate, 0 to 1."""
    if formula is Formula.RISK:
        return cloud_score(estate.shapes(), rules_of(workspace)).percentage
    return score(counts_of(scope, workspace.choices) for scope in estate.scores()).overall.percentage


def moment_of(text: str, now: datetime) -> datetime:
    """Return a moment from text: ISO 8601, or `7d` for so many days ago. A day alone is its end, UTC.

    Raises :class:`UsageError`.
    """
    if text == "now":
        return now
    if text.endswith("d") and text[:-1].isdecimal() and len(text) < MOST_DIGITS:
        return now - timedelta(days=int(text[:-1]))
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UsageError(f"{text!r} is no moment.", "Give a day such as 2026-11-25, a time, or 7d.") from problem
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    is_day = len(text) == len("2026-11-25") and found <= now
    return min(found + timedelta(days=1, microseconds=-1), now) if is_day else found


MOST_DIGITS = 6


def _require_order(workspace: Workspace, span: Span) -> None:
    if span.first > span.then:
        raise UsageError("The first moment is after the second.", "Turn them round.")
    if span.then > workspace.clock():
        raise UsageError("The second moment has not come yet.", "Give a moment of the past, or none for now.")


def _minus(after: float, before: float) -> float:
    return float(Decimal(str(after)) - Decimal(str(before)))


@dataclass(frozen=True)
class _Behind:
    """What lies behind the parts, and of which check all is wanted."""

    workspace: Workspace
    found: Split
    controls: Mapping[str, str | None]
    wanted: str

    def causes(self, part: Part) -> dict[str, list[Cause]]:
        """Return check -> its causes."""
        by_check: dict[str, list[Cause]] = defaultdict(list)
        for cause in self.found.causes:
            if cause.part is part and self.wanted in ("", cause.check):
                by_check[cause.check].append(cause)
        return by_check

    def moved(self, part: Part) -> list[Moved]:
        """Return the checks that are scored in another way on assets of which nothing else differs."""
        return [one for one in self.found.moved if part is Part.CHECKS and self.wanted in ("", one.check)]

    def title(self, check: str) -> str:
        """Return the title of a check; its id if it is not installed any more."""
        return self.workspace.checks[check].title if check in self.workspace.checks else check


def _checks(behind: _Behind, part: Part) -> tuple[CheckCause, ...]:
    by_check = behind.causes(part)
    turns = {check: _turns(causes) for check, causes in by_check.items()}
    for moved in behind.moved(part):
        turns.setdefault(moved.check, {})[f"{moved.before} -> {moved.after}"] = moved.assets
    most = None if behind.wanted else SHOWN
    made = [
        CheckCause(
            check=check,
            title=behind.title(check),
            control=behind.controls.get(check),
            count=sum(counts.values()),
            turns=counts,
            assets=tuple(AssetCause(c.asset, c.before, c.after) for c in by_check.get(check, ())[:most]),
        )
        for check, counts in turns.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.control is None, -one.count, one.check)))


def _turns(causes: Iterable[Cause]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for cause in causes:
        is_alike = cause.before == cause.after
        counts[f"{cause.before}, {RISK}" if is_alike else f"{cause.before or 'none'} -> {cause.after or 'none'}"] += 1
    return dict(sorted(counts.items()))
