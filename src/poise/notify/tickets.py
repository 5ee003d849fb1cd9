"""Tickets in other systems: what a finding says there, and how the system answers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from poise.model.text import printable
from poise.notify.calling import Answer, Caller, require_taken
from poise.notify.delivery import NotDelivered

MOST_TITLE, MOST_TEXT = 160, 20_000


@dataclass(frozen=True)
class Wanted:
    """What a ticket is to say."""

    external: str
    """Our id of it: the finding's; there is one ticket for each."""
    title: str
    text: str
    """Paragraphs, apart by line breaks."""
    level: str
    """Risk level."""

    @property
    def short_title(self) -> str:
        """The title on one line, of a length that every system takes."""
        return _cut(self.title, MOST_TITLE)

    @property
    def paragraphs(self) -> list[str]:
        """The text, without what steers a screen."""
        return [_cut(line, MOST_TEXT) for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Held:
    """A ticket as the other system holds it."""

    number: str
    link: str
    status: str
    is_closed: bool


class TicketSystem(Protocol):
    """A system that holds tickets. Every function raises :class:`NotDelivered` if the system does not answer."""

    def find(self, external: str) -> Held | None:
        """Return the ticket of a finding, if there is one."""

    def create(self, wanted: Wanted) -> Held:
        """Make a ticket."""

    def read(self, number: str, external: str) -> Held | None:
        """Return a ticket; None if it was removed."""

    def close(self, held: Held, external: str, text: str) -> Held:
        """Say why, and close it."""

    def reopen(self, held: Held, external: str, text: str) -> Held:
        """Say why, and open it again."""


@dataclass(frozen=True)
class Site:
    """A system's REST API, with what it needs to know of whoever calls."""

    caller: Caller
    url: str
    user: str
    secret: str

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Call, and return the answer, of any code."""
        if not self.secret:
            raise NotDelivered("No password or token is kept for this channel.", "Set it again with its secret.")
        plain = f"{self.user}:{self.secret}".encode()
        proof = f"Basic {base64.b64encode(plain).decode()}" if self.user else f"Bearer {self.secret}"
        headers = {"Authorization": proof, "Accept": "application/json", "Content-Type": "application/json"}
        content = None if body is None else msgspec.json.encode(body)
        return self.caller.call(method, f"{self.url.rstrip('/')}{path}", headers, content)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call, and return what is said; None where nothing is."""
        answer = self.call(method, path, body)
        require_taken(answer, "The ticket system")
        return answer.json() if answer.content else None


def shape(value: Any, *path: str) -> Any:
    """Return what stands at a path of an answer. Raises :class:`NotDelivered` if it is not there."""
    for name in path:
        if not isinstance(value, dict) or name not in value:
            raise NotDelivered(f"The answer of the ticket system holds no {'.'.join(path)}.")
        value = value[name]
    return value


def _cut(text: str, most: int) -> str:
    plain = " ".join(printable(text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
