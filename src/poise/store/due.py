"""Work that is due, the one who works it off, and messages that wait to be sent.

A piece of work and the messages that it makes are one transaction, under the moment at which it was due: whoever comes
second, or comes again after a crash, changes nothing. A message is claimed before it is sent; if whoever claimed it
dies, it is claimed again later, with the same key, by which its receiver can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select, update

from poise.model.listings import Page, Paging
from poise.model.notice import DueRow, OutboxRow, OutboxState, Outgoing
from poise.store import audit, bulk, duties, filters
from poise.store.audit import Deed
from poise.store.codec import clean, from_moment, maybe_time, to_moment
from poise.store.core import Core

due, outbox, lease = duties.due.c, duties.outbox.c, duties.lease.c
CLAIMED_FOR = timedelta(minutes=10)
"""How long a message is left to whoever claimed it."""


class Due:
    """Reads and changes what is due."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def lead(self, name: str, holder: str, seconds: float) -> bool:
        """Become or stay the one who works; return whether that is so. Another one's time must have run out.

        A time that ends later than twice as long from now was written by a clock that was wrong, and does not count.
        """
        now = self._core.database.now()
        until = now + int(seconds * 1_000_000)
        latest = 2 * until - now
        with self._core.database.write() as connection:
            row = connection.execute(bulk.locked(connection, select(duties.lease).where(lease.name == name))).first()
            if row is not None and row.holder != holder and now < row.until <= latest:
                return False
            made = bulk.upsert(connection, duties.lease)
            here = (lease.until <= now) | (lease.until > latest) | (lease.holder == holder)
            made = made.on_conflict_do_update(
                index_elements=["name"], set_={"holder": holder, "until": until}, where=here
            )
            connection.execute(made, [{"name": name, "holder": holder, "until": until}])
            # Drivers count rows of a conflict in their own ways: what stands there now says who leads.
            leader = connection.execute(select(lease.holder).where(lease.name == name)).scalar_one_or_none()
            return bool(leader == holder)

    def step_down(self, name: str, holder: str) -> None:
        """Let another one work."""
        with self._core.database.write() as connection:
            connection.execute(delete(duties.lease).where(lease.name == name, lease.holder == holder))

    def schedules(self) -> tuple[DueRow, ...]:
        """Return all work that is done again and again, by name."""
        with self._core.database.read() as connection:
            rows = connection.execute(select(duties.due).order_by(due.name)).all()
        return tuple(_due_row(row) for row in rows)

    def schedule(self, row: DueRow, actor: str) -> None:
        """Add work, or change what there is of that name."""
        values = {
            "name": clean(row.name),
            "kind": row.kind,
            "schedule": row.schedule,
            "body": msgspec.json.encode(row.body),
            "next_at": to_moment(row.next_at),
            "last_at": None,
            "error": "",
        }
        with self._core.database.write() as connection:
            bulk.put_rows(connection, duties.due, [values])
            detail = {"schedule": row.schedule, "kind": row.kind, "body": row.body}
            audit.note(connection, Deed(actor, "schedule set", row.name, detail), self._core.database.now())

    def unschedule(self, name: str, actor: str) -> bool:
        """Remove work; return whether there was any."""
        with self._core.database.write() as connection:
            was = connection.execute(delete(duties.due).where(due.name == name)).rowcount > 0
            if was:
                audit.note(connection, Deed(actor, "schedule removed", name), self._core.database.now())
            return was

    def waiting(self) -> tuple[DueRow, ...]:
        """Return the work that is due now, the longest due first."""
        query = select(duties.due).where(due.next_at <= self._core.database.now()).order_by(due.next_at, due.name)
        with self._core.database.read() as connection:
            return tuple(_due_row(row) for row in connection.execute(query))

    def done(self, row: DueRow, next_at: datetime, messages: Sequence[Outgoing] = (), error: str = "") -> bool:
        """Write that work was done, with the messages that it made; False if another one did it, and nothing is."""
        now = self._core.database.now()
        here = (due.name == row.name, due.next_at == to_moment(row.next_at))
        change = update(duties.due).where(*here)
        with self._core.database.write() as connection:
            values = {"next_at": to_moment(next_at), "last_at": now, "error": clean(error)}
            if not connection.execute(change.values(values)).rowcount:
                return False
            put(connection, messages, now)
            return True

    def post(self, messages: Sequence[Outgoing]) -> None:
        """Keep messages to be sent; one that is there already is left as it is."""
        with self._core.database.write() as connection:
            put(connection, messages, self._core.database.now())

    def hasten(self, longest: timedelta) -> int:
        """Let messages be sent now that wait longer than any does, as after a clock that went ahead was set right.

        Returns how many there were.
        """
        now = self._core.database.now()
        latest = now + longest // timedelta(microseconds=1)
        here = (outbox.state == OutboxState.WAITING.value, outbox.next_at > latest)
        with self._core.database.write() as connection:
            return connection.execute(update(duties.outbox).where(*here).values(next_at=now)).rowcount

    def reschedule(self, row: DueRow, next_at: datetime) -> None:
        """Write another moment at which work is due; nothing if it was done meanwhile."""
        here = (due.name == row.name, due.next_at == to_moment(row.next_at))
        with self._core.database.write() as connection:
            connection.execute(update(duties.due).where(*here).values(next_at=to_moment(next_at)))

    def claim(self, limit: int) -> tuple[OutboxRow, ...]:
        """Take messages to be sent now, the oldest first; nobody else gets them for a while."""
        now = self._core.database.now()
        query = select(duties.outbox).where(outbox.state == OutboxState.WAITING.value, outbox.next_at <= now)
        with self._core.database.write() as connection:
            rows = connection.execute(bulk.locked(connection, query.order_by(outbox.pk).limit(limit))).all()
            until = now + CLAIMED_FOR // timedelta(microseconds=1)
            changes = [{"pk": row.pk, "attempts": row.attempts + 1, "next_at": until} for row in rows]
            bulk.update_rows(connection, duties.outbox, ("pk",), changes)
        return tuple(msgspec.structs.replace(_outbox_row(row), attempts=row.attempts + 1) for row in rows)

    def sent(self, number: int) -> None:
        """Write that a message was sent."""
        values = {"state": OutboxState.SENT.value, "sent_at": self._core.database.now(), "error": ""}
        self._set(number, values)

    def not_sent(self, number: int, error: str, again_at: datetime | None) -> None:
        """Write what went wrong, and when to try again; None gives up."""
        values: dict[str, Any] = {"error": clean(error)}
        if again_at is None:
            values["state"] = OutboxState.FAILED.value
        else:
            values["next_at"] = to_moment(again_at)
        self._set(number, values)

    def retry(self, number: int, actor: str) -> bool:
        """Send a message again that was given up; return whether there is one."""
        now = self._core.database.now()
        values = {"state": OutboxState.WAITING.value, "attempts": 0, "next_at": now}
        here = (outbox.pk == number, outbox.state != OutboxState.SENT.value)
        with self._core.database.write() as connection:
            was = connection.execute(update(duties.outbox).where(*here).values(values)).rowcount > 0
            if was:
                audit.note(connection, Deed(actor, "message sent again", str(number)), now)
            return was

    def outbox(self, paging: Paging | None = None) -> Page[OutboxRow]:
        """Return messages, newest first."""
        paging = paging or Paging()
        with self._core.database.read() as connection:
            sorting = filters.Sorting(outbox.pk, falls=True)
            rows, cursor = filters.part(connection, select(duties.outbox), sorting, paging)
            total = filters.total(connection, select(outbox.pk), paging.count_up_to)
        return Page(tuple(_outbox_row(row) for row in rows), total, cursor)

    def _set(self, number: int, values: dict[str, Any]) -> None:
        with self._core.database.write() as connection:
            connection.execute(update(duties.outbox).where(outbox.pk == number).values(values))


def put(connection: Connection, messages: Sequence[Outgoing], now: int) -> None:
    """Keep messages inside a transaction; one that is there already is left as it is."""
    rows = [
        {
            "key": clean(message.key),
            "channel": clean(message.channel),
            "body": msgspec.json.encode(message),
            "state": OutboxState.WAITING.value,
            "attempts": 0,
            "made_at": now,
            "next_at": now,
            "error": "",
        }
        for message in messages
    ]
    if rows:
        made: Any = bulk.upsert(connection, duties.outbox).on_conflict_do_nothing(index_elements=["key"])
        connection.execute(made, rows)


def _due_row(row: Any) -> DueRow:
    return DueRow(
        name=row.name,
        kind=row.kind,
        schedule=row.schedule,
        body=msgspec.json.decode(row.body),
        next_at=from_moment(row.next_at),
        last_at=maybe_time(row.last_at),
        error=row.error,
    )


def _outbox_row(row: Any) -> OutboxRow:
    return OutboxRow(
        number=row.pk,
        message=msgspec.json.decode(row.body, type=Outgoing),
        state=OutboxState(row.state),
        attempts=row.attempts,
        made_at=from_moment(row.made_at),
        next_at=from_moment(row.next_at),
        sent_at=maybe_time(row.sent_at),
        error=row.error,
    )
