"""Works off what is due: expiries, alerts, digests, tickets, scheduled scans, and messages that wait.

One process works at a time, under a lease in the store; a process that dies loses it when its time has run out. What
it had not finished is still there for the next: work is due until it is written to be done, together with the messages
that it made, and a message waits until it is written to be sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
import structlog

from poise.app import ticking_digest, ticking_tickets
from poise.app.notifying import Sender, alert, sender
from poise.app.workspace import Workspace, catch_up, learn
from poise.model.errors import PoiseError
from poise.model.notice import DueRow, OutboxRow
from poise.model.schedule import next_after
from poise.notify.delivery import NotDelivered
from poise.store.due import CLAIMED_FOR

log = structlog.get_logger()
LEASE, LEASE_S = "tick", 900.0
BATCH = 50
"""Messages that are claimed at once."""
FIRST_WAIT, MOST_WAIT = timedelta(minutes=1), timedelta(hours=6)
ATTEMPTS = 12
"""After so many a message is given up: about two days."""
DIGEST, TICKETS = "digest", "tickets"
USUAL = {DIGEST: "weekly mon 08:00", TICKETS: "every 15m"}
"""Work that there always is, and when if nobody says otherwise."""
Job = Callable[[DueRow], None]


class Ticked(msgspec.Struct, frozen=True):
    """What one tick did."""

    is_leader: bool
    """Whether it worked; False if another process does."""
    done: tuple[str, ...] = ()
    """Names of work that was done."""
    alerts: int = 0
    """Findings that were told of."""
    sent: int = 0
    failed: int = 0
    """Messages that did not leave; they are tried again, or given up."""
    errors: tuple[str, ...] = ()


@dataclass
class Ticker:
    """Works off what is due."""

    workspace: Workspace
    out: Sender
    jobs: Mapping[str, Job] = field(default_factory=dict)
    """Kind of work that the app cannot do by itself, such as scans -> who does it."""
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    errors: list[str] = field(default_factory=list)

    def tick(self) -> Ticked:
        """Do everything that is due now."""
        due = self.workspace.store.due
        if not due.lead(LEASE, self.holder, LEASE_S):
            return Ticked(is_leader=False)
        self.errors = []
        try:
            learn(self.workspace)
            ensure_usual(self.workspace)
            set_right(self.workspace)
            catch_up(self.workspace.store, self.workspace.checks, self.workspace.standards)
            done = tuple(row.name for row in due.waiting() if self._work(row))
            alerts = alert(self.workspace)
            sent, failed = self.deliver()
            return Ticked(True, done, alerts, sent, failed, tuple(self.errors))
        finally:
            due.step_down(LEASE, self.holder)

    def _work(self, row: DueRow) -> bool:
        now = self.workspace.clock()
        following = next_after(row.schedule, now)
        try:
            if row.kind == DIGEST:
                messages = ticking_digest.messages(self.workspace, row.next_at)
                return self.workspace.store.due.done(row, following, messages)
            if row.kind == TICKETS:
                self.errors += ticking_tickets.sync(self.workspace, self.out)
            elif row.kind in self.jobs:
                self.jobs[row.kind](row)
            else:
                return False
        except PoiseError as problem:
            self.errors.append(f"{row.name}: {problem}")
            log.warning("work failed", work=row.name, reason=str(problem))
            return self.workspace.store.due.done(row, following, (), str(problem))
        return self.workspace.store.due.done(row, following)

    def deliver(self) -> tuple[int, int]:
        """Send what waits; return how many messages were sent, and how many were not."""
        due = self.workspace.store.due
        sent = failed = 0
        while rows := due.claim(BATCH):
            due.lead(LEASE, self.holder, LEASE_S)
            for row in rows:
                if self._send(row):
                    sent += 1
                else:
                    failed += 1
        return sent, failed

    def _send(self, row: OutboxRow) -> bool:
        due = self.workspace.store.due
        try:
            self.out.send(row)
        except NotDelivered as problem:
            is_over = problem.is_final or row.attempts >= ATTEMPTS
            again = None if is_over else self.workspace.clock() + wait_of(row.attempts, problem.wait_s)
            due.not_sent(row.number, str(problem), again)
            log.warning("message not sent", number=row.number, reason=problem.what, given_up=is_over)
            return False
        due.sent(row.number)
        return True


def ticker(workspace: Workspace, jobs: Mapping[str, Job] | None = None) -> Ticker:
    """Return what works off everything that is due in a workspace."""
    return Ticker(workspace, sender(workspace), jobs or {})


def wait_of(attempts: int, asked_s: float | None = None) -> timedelta:
    """Return how long to wait after so many attempts: longer each time, and no less than the receiver asks for."""
    waited = min(FIRST_WAIT * int(4 ** min(attempts - 1, 8)), MOST_WAIT)
    return max(waited, timedelta(seconds=asked_s or 0))


def ensure_usual(workspace: Workspace) -> None:
    """Write when the usual work is due first, where nobody has."""
    there = {row.name for row in workspace.store.due.schedules()}
    now = workspace.clock()
    for name, schedule in USUAL.items():
        if name not in there:
            row = DueRow(
                name=name,
                kind=name,
                schedule=schedule,
                body=None,
                next_at=next_after(schedule, now),
                last_at=None,
                error="",
            )
            workspace.store.due.schedule(row, "poise")


def set_right(workspace: Workspace) -> None:
    """Bring nearer what is due later than its schedule allows: a clock had gone ahead when that was written.

    Otherwise a server that once believed in a later year would send nothing until then. What is due one time later
    than the next stays so: a clock that goes back a little sends nothing twice.
    """
    due, now = workspace.store.due, workspace.clock()
    for row in due.schedules():
        following = next_after(row.schedule, now)
        if row.next_at > next_after(row.schedule, following):
            log.warning(
                "work was due too late", work=row.name, was=row.next_at.isoformat(), is_now=following.isoformat()
            )
            due.reschedule(row, following)
    if hastened := due.hasten(MOST_WAIT + CLAIMED_FOR):
        log.warning("messages waited too long", messages=hastened)
