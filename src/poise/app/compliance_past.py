"""Standards at a moment of the past, and what differs between two: verdicts of then, the mapping of checks of now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from poise.app import compliance
from poise.app.workspace import Workspace
from poise.model.compliance import Result, StandardStatus
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter
from poise.score.attribution import state_of

if TYPE_CHECKING:
    from poise.score.estate import Estate


class Changed(msgspec.Struct, frozen=True):
    """A control whose state differs."""

    control: str
    title: str
    before: Result
    after: Result


class Differing(msgspec.Struct, frozen=True, kw_only=True):
    """What differs in a standard between two moments."""

    first: datetime
    then: datetime
    before: StandardStatus
    after: StandardStatus
    controls: tuple[Changed, ...]


def status_at(workspace: Workspace, id: str, when: datetime, scopes: Iterable[str] = ()) -> StandardStatus:
    """Return the state of a standard at a moment.

    Raises :class:`UsageError` for a standard that there is not, and a moment that has not come or is not kept.
    """
    if when > workspace.clock():
        raise UsageError("That moment has not come yet.", "Give a moment of the past.")
    standard = workspace.standards.get(id)
    wanted = tuple(scopes)
    estate = _estate(workspace, when, frozenset(wanted))
    return compliance.status_then(workspace, standard, compliance.Then(when, estate.check_counts), wanted)


def difference(
    workspace: Workspace, id: str, span: tuple[datetime, datetime | None], scopes: Iterable[str] = ()
) -> Differing:
    """Return which controls of a standard differ between two moments; the later one is now if it is None."""
    first, then = span
    if then is not None and then < first:
        raise UsageError("The second moment is before the first.", "Give them in order.")
    wanted = tuple(scopes)
    before = status_at(workspace, id, first, wanted)
    after = status_at(workspace, id, then, wanted) if then else compliance.standard_status(workspace, id, wanted)
    old = {control.control: control.state for control in before.controls}
    changed = (
        Changed(control.control, control.title, old[control.control], control.state)
        for control in after.controls
        if old[control.control] is not control.state
    )
    return Differing(first=first, then=then or workspace.clock(), before=before, after=after, controls=tuple(changed))


def _estate(workspace: Workspace, when: datetime, scopes: frozenset[str]) -> Estate:
    wanted = AssetFilter(scopes=compliance.accounts_among(scopes), groups=compliance.groups_among(scopes))
    found = workspace.store.moments.between(workspace.viewer, wanted, when, workspace.clock())
    return state_of(found)
