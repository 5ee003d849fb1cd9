"""What leaves Poise: channels, messages that wait to be sent, and tickets elsewhere. Times are UTC."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class ChannelKind(enum.StrEnum):
    """Through what messages go."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    JIRA = "jira"
    SERVICENOW = "servicenow"

    @property
    def makes_tickets(self) -> bool:
        """Whether it holds tickets rather than takes messages."""
        return self in (ChannelKind.JIRA, ChannelKind.SERVICENOW)


class EventKind(enum.StrEnum):
    """What messages are about."""

    CRITICAL_FINDING = "finding.critical"
    """New findings of critical risk."""
    CRITICAL_PATH = "path.critical"
    """New attack paths of critical risk."""
    DIGEST = "digest"
    """The weekly state of governance."""
    TEST = "test"
    """A message that a person sent to see whether it arrives."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One way out."""

    name: str
    kind: ChannelKind
    to: tuple[str, ...] = ()
    """Addresses, of mail."""
    url: str = ""
    """Where to send; for tickets the site."""
    events: tuple[EventKind, ...] = (EventKind.CRITICAL_FINDING, EventKind.CRITICAL_PATH)
    """What is sent there."""
    options: Mapping[str, str] = {}
    """Of tickets: ``user``, ``project``, ``issue_type``, ``version``, ``table``, ``done``, ``reopen``."""
    has_secret: bool = False
    """Whether a secret is kept for it; it is never shown."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a message lists."""

    title: str
    where: str
    """Name of the asset, or from where to where."""
    level: str
    """Risk level."""
    note: str = ""
    """When it is due, or what else matters."""
    link: str = ""
    id: str = ""


class Section(msgspec.Struct, frozen=True):
    """A heading with what stands below."""

    title: str
    items: tuple[Item, ...]
    more: int = 0
    """Things that are not listed for length."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message, before it takes the form of its channel."""

    event: EventKind
    subject: str
    lead: str
    """One or two sentences."""
    sections: tuple[Section, ...] = ()
    made_at: datetime
    link: str = ""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A message for one receiver."""

    key: str
    """The same message has the same key however often it is made: it is kept once."""
    channel: str
    """Name of a channel; empty for a mail to ``to``."""
    to: str = ""
    """Address of a mail."""
    notice: Notice


class OutboxState(enum.StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up; it can be sent again by hand."""


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is kept."""

    number: int
    message: Outgoing
    state: OutboxState
    attempts: int
    made_at: datetime
    next_at: datetime
    sent_at: datetime | None
    error: str
    """What went wrong at the last attempt."""


class DueRow(msgspec.Struct, frozen=True, kw_only=True):
    """Work that is done again and again."""

    name: str
    kind: str
    """``digest``, ``tickets`` or ``scan``."""
    schedule: str
    body: Any
    """Of a scan, its command line."""
    next_at: datetime
    last_at: datetime | None
    error: str
    """What went wrong the last time; empty if nothing did."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket elsewhere for one finding."""

    channel: str
    finding: str
    number: str
    """As the other side calls it: ``SEC-12``, ``INC0010023``."""
    link: str
    status: str
    """As the other side says it."""
    is_closed: bool
    """Whether it is closed there."""
    told: str
    """What the other side was last told: ``open`` or ``fixed``."""
    changed_at: datetime
