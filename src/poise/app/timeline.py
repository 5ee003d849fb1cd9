"""What happened, in the order of time: to the whole estate, to a finding, or to an asset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from poise.app import queries
from poise.app.scores import kept_for, score_history
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.finding import Effect
from poise.model.listings import AssetDetail, AssetFilter

FINDING_ID = re.compile(r"[0-9a-f]{20}")


class Event(msgspec.Struct, frozen=True):
    """One thing that happened."""

    at: datetime
    kind: str
    """``score``, ``checks``, ``scope``, ``exemption``, ``finding`` or ``asset``."""
    says: str


EVERYTHING = AssetFilter()


def of(workspace: Workspace, id: str = "", days: int = 90, wanted: AssetFilter = EVERYTHING) -> tuple[Event, ...]:
    """Return what happened, the latest last.

    ``id`` names a finding or an asset; without it, it is the history of the estate, or of the scopes and groups of
    ``wanted``. Raises :class:`UsageError` if there is no such thing, and for both together.
    """
    if id and (wanted.scopes or wanted.groups):
        raise UsageError(
            "The history of one thing is not narrowed by scope or group.", "Leave out the one or the other."
        )
    since = workspace.clock() - timedelta(days=days)
    if not id:
        found = [*_scores(workspace, days, wanted), *markers(workspace, since, wanted)]
    elif FINDING_ID.fullmatch(id):
        found = list(_of_finding(workspace, id))
    else:
        found = list(_of_asset(workspace, queries.asset(workspace, id)))
    return tuple(sorted((one for one in found if one.at > since), key=lambda event: (event.at, event.kind, event.says)))


def markers(workspace: Workspace, since: datetime, wanted: AssetFilter = EVERYTHING) -> list[Event]:
    """Return what happened to checks, scopes and exemptions up to now, of the scopes and groups that are wanted."""
    now = workspace.clock()
    found = workspace.store.history.events(workspace.viewer, since, wanted)
    return [Event(one.at, one.kind.value, one.says) for one in found if one.at <= now]


def _scores(workspace: Workspace, days: int, wanted: AssetFilter) -> Iterator[Event]:
    last: float | None = None
    scope = kept_for(wanted)
    for day in score_history(workspace, scope, days) if scope else ():
        if day.max and day.current != last:
            at = datetime.fromisoformat(f"{day.day}T23:59:59+00:00")
            yield Event(
                min(at, workspace.clock()), "score", f"{day.current / day.max * 100:.1f} % at the end of {day.day}"
            )
            last = day.current


def _of_finding(workspace: Workspace, id: str) -> Iterator[Event]:
    row = queries.finding_row(workspace, id)
    spans = workspace.store.history.of_finding(workspace.viewer, id)
    ended: datetime | None = None
    for span in spans:
        came = "opened" if ended is None else "changed" if span.begins == ended else "came back"
        effect = "" if span.effect is Effect.COUNTED else f", {span.effect}"
        yield Event(span.begins, "finding", f"{came}: {span.state}, risk {span.risk}{effect}")
        ended = span.ends
    if row.resolved_at is not None:
        yield Event(row.resolved_at, "finding", "fixed")


def _of_asset(workspace: Workspace, detail: AssetDetail) -> Iterator[Event]:
    for version in detail.versions:
        began = version.valid_from == detail.row.first_seen
        yield Event(version.valid_from, "asset", "first seen" if began else "configuration changed, or came back")
    if detail.row.gone_at is not None:
        yield Event(detail.row.gone_at, "asset", "gone")
    for row in (*detail.verdicts, *detail.fixed):
        if row.first_seen is not None:
            for event in _of_finding(workspace, row.id):
                yield Event(event.at, event.kind, f"{row.check}: {event.says}")
