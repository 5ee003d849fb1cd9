"""The estate at a moment of the past, and what differs between two: from stored intervals, never judged again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from poise.app import compliance
from poise.app.changes import ScoreChange, Span, change_of, compare
from poise.app.cloud_scores import rules_of
from poise.app.scores import counts_of
from poise.app.workspace import Workspace
from poise.model.compliance import Result, StandardStatus
from poise.model.errors import UsageError
from poise.model.finding import AssetRef, Effect
from poise.model.listings import AssetFilter
from poise.model.moments import AssetChange, AssetThen, Comparison, Rulebook
from poise.model.verdict import State
from poise.score.attribution import EXCEPTIONS, Part, split, state_of
from poise.score.cloud import CloudScore, cloud_score
from poise.score.estate import Estate
from poise.score.secure import SecureScore, score
from poise.store import finding_id


class OpenThen(msgspec.Struct, frozen=True):
    """A finding that was open at a moment."""

    id: str
    check: str
    asset: AssetRef
    state: State
    effect: Effect


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """The estate at a moment."""

    at: datetime
    assets: int
    score: SecureScore
    risk_score: CloudScore
    verdicts: dict[str, int]
    """Where verdicts were counted -> how many."""
    standards: tuple[StandardStatus, ...]


class ControlChange(msgspec.Struct, frozen=True):
    """A control of a standard whose state differs."""

    standard: str
    control: str
    before: Result | None
    after: Result | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two moments."""

    first: datetime
    then: datetime
    added: tuple[AssetRef, ...]
    removed: tuple[AssetRef, ...]
    changed: int
    """Assets that were there at both, with another verdict or effect."""
    new: tuple[OpenThen, ...]
    """Findings that were never open before."""
    reopened: tuple[OpenThen, ...]
    """Findings that had been fixed at the first moment."""
    fixed: tuple[OpenThen, ...]
    """As they were at the first moment."""
    score: ScoreChange
    controls: tuple[ControlChange, ...]


def moment(workspace: Workspace, when: datetime, wanted: AssetFilter | None = None) -> Moment:
    """Return the estate at a moment. Raises :class:`UsageError` for one that has not come, or is not kept."""
    if when > workspace.clock():
        raise UsageError("That moment has not come yet.", "Give a moment of the past.")
    wanted = wanted or AssetFilter()
    compared = workspace.store.moments.between(workspace.viewer, wanted, when, workspace.clock())
    estate = state_of(compared)
    counts = estate.check_counts({key[-1] for key in estate.scopes})
    totals: dict[str, int] = {}
    for count in counts.values():
        for name, number in msgspec.structs.asdict(count).items():
            totals[name] = totals.get(name, 0) + number
    return Moment(
        at=when,
        assets=sum(tally.assets for tally in estate.scopes.values()),
        score=score(counts_of(scope, workspace.choices) for scope in estate.scores()),
        risk_score=cloud_score(estate.shapes(), rules_of(workspace)),
        verdicts=totals,
        standards=_standards(workspace, when, estate, wanted),
    )


def difference(workspace: Workspace, span: Span) -> Difference:
    """Return what differs between two moments. Raises :class:`UsageError` if they make no sense."""
    compared = compare(workspace, span)
    found = split(compared)
    begun, gone = _turned(compared)
    seen = workspace.store.history.first_seen({one.id for one in begun})
    old = [one for one in begun if one.id in seen and seen[one.id] <= span.first]
    before = _standards(workspace, span.first, found.before, span.wanted)
    after = _standards(workspace, span.then, found.after[Part.GRACE], span.wanted)
    return Difference(
        first=span.first,
        then=span.then,
        added=tuple(c.asset for c in compared.changes if c.before is None),
        removed=tuple(c.asset for c in compared.changes if c.after is None),
        changed=sum(c.before is not None and c.after is not None and c.before != c.after for c in compared.changes),
        new=tuple(one for one in begun if one not in old),
        reopened=tuple(old),
        fixed=tuple(gone),
        score=change_of(workspace, span, compared, found),
        controls=tuple(_controls(before, after)),
    )


def _standards(workspace: Workspace, when: datetime, estate: Estate, wanted: AssetFilter) -> tuple[StandardStatus, ...]:
    return compliance.statuses_at(workspace, when, estate.check_counts, wanted.scopes)


def _controls(before: tuple[StandardStatus, ...], after: tuple[StandardStatus, ...]) -> Iterator[ControlChange]:
    old = {(each.standard, control.control): control.state for each in before for control in each.controls}
    new = {(each.standard, control.control): control.state for each in after for control in each.controls}
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield ControlChange(*key, old.get(key), new.get(key))


def _turned(compared: Comparison) -> tuple[list[OpenThen], list[OpenThen]]:
    begun, gone = [], []
    for change in compared.changes:
        old = _open(change, change.before, compared.before)
        new = _open(change, change.after, compared.after)
        begun += [new[check] for check in sorted(new.keys() - old.keys())]
        gone += [old[check] for check in sorted(old.keys() - new.keys())]
    return begun, gone


def _open(change: AssetChange, then: AssetThen | None, rules: Rulebook) -> dict[str, OpenThen]:
    return {
        check: OpenThen(
            finding_id(check, rules.facts.get(check), change.asset.id), check, change.asset, v.state, v.effect
        )
        for check, v in (then.verdicts if then else {}).items()
        if v.state in EXCEPTIONS
    }
