"""The API of governance: rules, assignments, the report, channels and messages. Writes are audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Depends, HTTPException
from starlette.responses import Response

from poise.api import tables
from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.api.writing import ACTOR, require_own, sent, wrong
from poise.app import governing, governing_assign, notifying
from poise.app.governing_assign import Decision
from poise.app.governing_report import report, report_rows
from poise.app.shapes import finding_json
from poise.app.ticking_tickets import open_ticket
from poise.model.governance import Overwrite, Rule
from poise.model.listings import Paging
from poise.model.notice import Channel
from poise.notify.delivery import NotDelivered

R = TypeVar("R")
router = APIRouter(tags=["governance"])
AnAsked = Annotated[Asked, Depends(Asked)]
MOST_IDS = 1000


class Assigning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which findings are assigned, and what is decided."""

    ids: tuple[str, ...]
    """Ids of findings or checks."""
    owner: str | None = None
    due: str | None = None
    is_grace: bool | None = None
    eta: str | None = None
    justification: str = ""
    clear: bool = False


class ChannelSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A channel with its secret, which is never given out again."""

    channel: Channel
    secret: str = ""


class Rerun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How rules run again."""

    overwrite: Overwrite = Overwrite.NOTHING
    dry_run: bool = False


@router.get("/governance/report", **one("Findings by owner, rule and account, and how long fixing takes."))
def governance_report(asked: AnAsked) -> Response:
    """Show the report; as CSV a row for each line."""
    found = report(asked.workspace)
    if asked.wants("text/csv"):
        return listed(asked, report_rows(found), None, tables.GOVERNANCE_COLUMNS)
    return whole(asked, msgspec.to_builtins(found))


@router.get("/governance/rules", **many("The rules, the strongest first.", {}))
def rules(asked: AnAsked) -> Response:
    """List rules."""
    rows = [msgspec.to_builtins(rule) for rule in governing.rules(asked.workspace)]
    return listed(asked, rows, None, ("name", "priority", "days", "is_grace", "is_enabled"))


@router.post("/governance/rules/preview", **one("What a rule would assign. Nothing is changed."))
def preview(asked: AnAsked, rule: Annotated[Rule, sent(Rule)]) -> Response:
    """Look at a rule."""
    return _told(asked, governing.preview(asked.workspace, rule))


@router.put("/governance/rules/{name}", **one("Add a rule, or change the one of that name; it assigns at once."))
def set_rule(name: str, asked: AnAsked, body: Annotated[Rule, sent(Rule)]) -> Response:
    """Set a rule."""
    rule = msgspec.structs.replace(body, name=name, origin="")
    return _told(asked, governing.add(asked.workspace, rule, ACTOR))


@router.delete("/governance/rules/{name}", **one("Remove a rule. What it has assigned stays."))
def remove_rule(name: str, asked: AnAsked) -> Response:
    """Remove a rule."""
    require_own(asked.request)
    asked.find(governing.rule, name)
    return whole(asked, msgspec.to_builtins(governing.remove(asked.workspace, name, ACTOR)))


@router.post("/governance/rerun", **one("Let the rules assign again."))
def rerun(asked: AnAsked, how: Annotated[Rerun, sent(Rerun)]) -> Response:
    """Run the rules."""
    found = governing.dry_run(asked.workspace, governing.rules(asked.workspace), how.overwrite)
    if not how.dry_run:
        governing.run_rules(asked.workspace, ACTOR, how.overwrite)
    return _told(asked, found)


@router.post("/assignments", **one("Assign findings, or all open findings of checks."))
def assign(asked: AnAsked, body: Annotated[Assigning, sent(Assigning)]) -> Response:
    """Assign in bulk: all or nothing."""
    if not 0 < len(body.ids) <= MOST_IDS:
        raise wrong("ids", f"expected 1 to {MOST_IDS} ids")
    if body.clear:
        count = governing_assign.unassign(asked.workspace, body.ids, ACTOR)
    else:
        fields = {name: getattr(body, name) for name in Decision.__struct_fields__}
        count = governing_assign.assign(asked.workspace, body.ids, Decision(**fields), ACTOR)
    return whole(asked, {"assigned": count})


@router.get("/notifications/channels", **many("The channels. Secrets are never given out.", {}))
def channels(asked: AnAsked) -> Response:
    """List channels."""
    rows = [msgspec.to_builtins(channel) for channel in notifying.channels(asked.workspace)]
    return listed(asked, rows, None, ("name", "kind", "url", "has_secret"))


@router.put("/notifications/channels/{name}", **one("Add a channel, or change the one of that name."))
def set_channel(name: str, asked: AnAsked, body: Annotated[ChannelSet, sent(ChannelSet)]) -> Response:
    """Set a channel."""
    channel = msgspec.structs.replace(body.channel, name=name)
    return whole(asked, msgspec.to_builtins(notifying.set_channel(asked.workspace, channel, body.secret, ACTOR)))


@router.delete("/notifications/channels/{name}", **one("Remove a channel with its secret."))
def remove_channel(name: str, asked: AnAsked) -> Response:
    """Remove a channel."""
    require_own(asked.request)
    found = asked.find(notifying.channel, name)
    notifying.remove_channel(asked.workspace, name, ACTOR)
    return whole(asked, msgspec.to_builtins(found))


@router.post("/notifications/channels/{name}/test", **one("Send a test through a channel now."))
def try_channel(name: str, asked: AnAsked) -> Response:
    """Try a channel."""
    require_own(asked.request)
    asked.find(notifying.channel, name)
    _delivered(lambda: notifying.try_channel(asked.workspace, name))
    return whole(asked, {"taken": True})


@router.get("/notifications/outbox", **many("Messages, newest first: sent, waiting, given up.", {}))
def outbox(asked: AnAsked) -> Response:
    """List messages."""
    part = asked.paging()
    page = asked.workspace.store.due.outbox(Paging(limit=part.limit, cursor=part.cursor))
    return listed(
        asked, [msgspec.to_builtins(row) for row in page.rows], page, ("number", "state", "attempts", "error")
    )


@router.get("/notifications/tickets", **many("Tickets in other systems.", {}))
def tickets(asked: AnAsked) -> Response:
    """List tickets."""
    rows = [msgspec.to_builtins(row) for row in asked.workspace.store.channels.tickets()]
    return listed(asked, rows, None, ("channel", "finding", "number", "status", "is_closed", "link"))


@router.post("/notifications/channels/{name}/tickets/{finding}", **one("Make the ticket of a finding."))
def make_ticket(name: str, finding: str, asked: AnAsked) -> Response:
    """Make a ticket, or show the one that there is."""
    require_own(asked.request)
    workspace = asked.workspace
    made = _delivered(lambda: open_ticket(workspace, notifying.sender(workspace), name, finding, ACTOR))
    return whole(asked, msgspec.to_builtins(made))


def _told(asked: Asked, found: governing.DryRun) -> Response:
    rows = [msgspec.to_builtins(each) | {"finding": finding_json(each.finding)} for each in found.planned]
    return whole(asked, msgspec.to_builtins(found) | {"planned": rows})


def _delivered(act: Callable[[], R]) -> R:
    try:
        return act()
    except NotDelivered as problem:
        raise HTTPException(502, str(problem)) from problem
