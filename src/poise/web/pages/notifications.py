"""Settings of notifications: channels, what is done again and again, and messages that left or wait."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import notifying, ticking
from poise.app.governing_words import tags_of
from poise.model.errors import PoiseError, UsageError
from poise.model.listings import Paging
from poise.model.notice import Channel, ChannelKind, EventKind
from poise.model.schedule import next_after
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnForm, fields_of

router = APIRouter()
HERE = "/settings/notifications"
SHOWN = 50
DONE = {
    "saved": "The channel is saved.",
    "removed": "The channel is removed.",
    "tested": "The channel took the test.",
    "again": "The message is sent with the next tick.",
    "schedule": "The schedule is set.",
}
EVENTS = tuple(event for event in EventKind if event is not EventKind.TEST)


@router.get(HERE)
def notifications(visit: AVisit) -> Response:
    """Show channels, schedules and messages."""
    return _page(visit)


@router.post(HERE)
def change(visit: AVisit, form: OwnForm) -> Response:
    """Add or remove a channel, try it, send a message again, or set a schedule."""
    fields = fields_of(form)
    events = tuple(str(value) for value in form.getlist("event"))
    try:
        done = _change(visit, fields, events)
    except PoiseError as wrong:
        return _page(visit, str(wrong), fields, 422)
    return RedirectResponse(f"{HERE}?done={done}", 303)


def _change(visit: Visit, fields: dict[str, str], events: tuple[str, ...]) -> str:
    what, name = fields.get("what", ""), fields.get("name", "").strip()
    workspace = visit.workspace
    if what == "save":
        notifying.set_channel(workspace, _channel(fields, events), fields.get("secret", ""), PAGES)
        return "saved"
    if what == "remove":
        notifying.remove_channel(workspace, name, PAGES)
        return "removed"
    if what == "test":
        notifying.try_channel(workspace, name)
        return "tested"
    if what == "retry":
        number = fields.get("number", "")
        if not (number.isdecimal() and workspace.store.due.retry(int(number), PAGES)):
            raise UsageError("There is no such message that was not sent.")
        return "again"
    return _schedule(visit, name, fields.get("schedule", "").strip())


def _schedule(visit: Visit, name: str, text: str) -> str:
    due = visit.workspace.store.due
    row = next((row for row in due.schedules() if row.name == name), None)
    if row is None:
        raise UsageError(f"There is no work {name!r}.")
    due.schedule(msgspec.structs.replace(row, schedule=text, next_at=next_after(text, visit.now)), PAGES)
    return "schedule"


def _channel(fields: dict[str, str], events: tuple[str, ...]) -> Channel:
    lines = [line for line in fields.get("options", "").splitlines() if line.strip()]
    values = {
        "name": fields.get("name", "").strip(),
        "kind": fields.get("kind", ""),
        "to": [part.strip() for part in fields.get("to", "").replace("\n", ",").split(",") if part.strip()],
        "url": fields.get("url", "").strip(),
        "events": events,
        "options": tags_of(lines, "options"),
    }
    try:
        return msgspec.convert(values, Channel)
    except msgspec.ValidationError as problem:
        raise UsageError(f"The channel cannot be: {problem}.") from problem


def _page(visit: Visit, problem: str = "", fields: dict[str, str] | None = None, status: int = 200) -> Response:
    due = visit.workspace.store.due
    ticking.ensure_usual(visit.workspace)
    page = due.outbox(Paging(limit=SHOWN))
    return visit.page(
        "notifications.html",
        status,
        channels=notifying.channels(visit.workspace),
        kinds=tuple(ChannelKind),
        events=EVENTS,
        usual=Channel(name="x", kind=ChannelKind.MAIL).events,
        schedules=due.schedules(),
        outbox=page.rows,
        outbox_total=page.total,
        mail=visit.workspace.delivery.mail,
        fields={name: text for name, text in (fields or {}).items() if name != "secret"},
        problem=problem,
        done=DONE.get(visit.address.first("done"), ""),
    )
