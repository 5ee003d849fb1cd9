"""Channels and messages: who is told of what, and how secrets of channels are kept."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from poise.app import queries
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.governance import is_address
from poise.model.listings import FindingRow
from poise.model.notice import (
    Channel,
    ChannelKind,
    EventKind,
    Item,
    Notice,
    OutboxRow,
    OutboxState,
    Outgoing,
    Section,
)
from poise.notify import chat, mail, webhook
from poise.notify.calling import Caller
from poise.notify.delivery import NotDelivered
from poise.notify.guard import pinned
from poise.notify.jira import Jira
from poise.notify.servicenow import ServiceNow
from poise.notify.tickets import Site, TicketSystem

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")
NAMED = 20
"""Findings that an alert names; the rest is counted."""
OPTIONS = {
    ChannelKind.JIRA: frozenset({"user", "project", "issue_type", "version", "done", "reopen"}),
    ChannelKind.SERVICENOW: frozenset({"user", "table", "group", "close_code"}),
}
JIRA_VERSIONS = ("2", "3")


class Secret(msgspec.Struct, frozen=True):
    """What is kept of a channel that nobody is to see."""

    key: str = ""
    """The shared secret of a webhook, a password or a token."""
    url: str = ""
    """The whole address, where it holds a secret itself."""


@dataclass(frozen=True)
class Sender:
    """Sends messages in the form of their channels."""

    workspace: Workspace
    caller: Caller = field(default_factory=Caller)

    def send(self, row: OutboxRow) -> None:
        """Send one message. Raises :class:`NotDelivered`."""
        message = row.message
        if not message.channel:
            self._mail(message.to, message)
            return
        channel = next((one for one in self.workspace.store.channels.all() if one.name == message.channel), None)
        if channel is None:
            raise NotDelivered(f"There is no channel {message.channel!r} any more.", is_final=True)
        if channel.kind is ChannelKind.MAIL:
            self._mail(message.to, message)
            return
        secret = secret_of(self.workspace, channel)
        if channel.kind is ChannelKind.WEBHOOK:
            signing = (message.key, secret.key.encode() or None, self.workspace.clock())
            webhook.send(self.caller, secret.url, message.notice, signing)
        else:
            form = chat.slack if channel.kind is ChannelKind.SLACK else chat.teams
            chat.send(self.caller, secret.url, form(message.notice))

    def tickets(self, channel: Channel) -> TicketSystem:
        """Return the ticket system of a channel."""
        secret = secret_of(self.workspace, channel).key
        site = Site(self.caller, channel.url, channel.options.get("user", ""), secret)
        return Jira(site, channel.options) if channel.kind is ChannelKind.JIRA else ServiceNow(site, channel.options)

    def _mail(self, to: str, message: Outgoing) -> None:
        server = self.workspace.delivery.mail
        if server is None:
            raise NotDelivered("No mail server is set.", "Set mail.host and mail.sender.")
        mail.send(server, mail.message_of(message.notice, to, server.sender, message.key), to)


def sender(workspace: Workspace) -> Sender:
    """Return what sends messages of a workspace."""
    return Sender(workspace, Caller(workspace.delivery.allowed))


def channels(workspace: Workspace) -> Sequence[Channel]:
    """Return the channels, by name."""
    return workspace.store.channels.all()


def channel(workspace: Workspace, name: str) -> Channel:
    """Return one channel. Raises :class:`UsageError` if there is none."""
    for one in channels(workspace):
        if one.name == name:
            return one
    raise UsageError(f"There is no channel {name!r}.", "`poise notify list` shows those that there are.")


def set_channel(workspace: Workspace, one: Channel, secret: str, actor: str) -> Channel:
    """Add a channel, or change the one of that name. Without a secret, the one that is kept stays.

    Raises :class:`UsageError` for what cannot be: no address, an address that may not be called, an unknown option,
    or another host without a secret of its own: the one that is kept was given for the host that was named with it.
    """
    _require_valid(workspace, one)
    there = next((other for other in channels(workspace) if other.name == one.name), None)
    kept = secret_of(workspace, there) if there is not None and there.kind is one.kind else Secret()
    _require_same_place(one, there, kept if not secret else Secret())
    held = Secret(secret or kept.key, "" if one.kind.makes_tickets else one.url)
    is_needed = bool(held.key or held.url)
    sealed = _box(workspace).encrypt(msgspec.json.encode(held)) if is_needed else None
    shown = one if one.kind.makes_tickets else msgspec.structs.replace(one, url=_beginning(one.url))
    shown = msgspec.structs.replace(shown, has_secret=bool(held.key))
    workspace.store.channels.set(shown, sealed, actor)
    return shown


def remove_channel(workspace: Workspace, name: str, actor: str) -> None:
    """Remove a channel. Raises :class:`UsageError` if there is none."""
    channel(workspace, name)
    workspace.store.channels.remove(name, actor)


def secret_of(workspace: Workspace, one: Channel) -> Secret:
    """Return the secret of a channel. Raises :class:`NotDelivered` if it was kept under another key."""
    sealed = workspace.store.channels.secret(one.name)
    if sealed is None:
        return Secret()
    try:
        return msgspec.json.decode(_box(workspace).decrypt(sealed), type=Secret)
    except InvalidToken as problem:
        what = f"The secret of the channel {one.name!r} cannot be read: it was kept under another key."
        raise NotDelivered(what, "Set the channel again.") from problem


def try_channel(workspace: Workspace, name: str, out: Sender | None = None) -> None:
    """Send a message through a channel now. Raises :class:`NotDelivered` if it does not arrive."""
    one = channel(workspace, name)
    out = out or sender(workspace)
    if one.kind.makes_tickets:
        out.tickets(one).find("0" * 20)
        return
    now = workspace.clock()
    lead = "This message was sent to see whether it arrives. Nothing is wrong."
    notice = Notice(event=EventKind.TEST, subject="Poise: a test", lead=lead, made_at=now)
    for message in addressed(one, f"test:{name}:{now.isoformat()}", notice):
        out.send(_unkept(message, workspace))


def addressed(one: Channel, key: str, notice: Notice) -> Sequence[Outgoing]:
    """Return a message for each receiver of a channel."""
    receivers = one.to if one.kind is ChannelKind.MAIL else ("",)
    return [Outgoing(key=f"{key}:{one.name}:{to}", channel=one.name, to=to, notice=notice) for to in receivers]


def raise_event(workspace: Workspace, key: str, notice: Notice) -> int:
    """Tell every channel that wants to hear of an event, once for each key; return how many messages that makes.

    For what is found outside of governance, such as new attack paths of critical risk.
    """
    messages = _to_listeners(workspace, key, notice)
    workspace.store.due.post(messages)
    return len(messages)


def alert(workspace: Workspace) -> int:
    """Tell of new findings of critical risk; return of how many. Each is told of once, until it comes back."""
    return workspace.store.channels.tell(NAMED, lambda count, rows: _alerts(workspace, count, rows))


def _alerts(workspace: Workspace, count: int, rows: Sequence[FindingRow]) -> Sequence[Outgoing]:
    found = [queries.to_finding(workspace, row) for row in rows]
    items = tuple(
        Item(
            title=one.title,
            where=f"{one.asset.name} in {one.asset.scope}",
            level=one.risk.level.value,
            note=one.reason,
            link=link_to(workspace, f"findings/{one.id}"),
            id=one.id,
        )
        for one in found
    )
    words = f"{count:,} new finding{'' if count == 1 else 's'} of critical risk"
    notice = Notice(
        event=EventKind.CRITICAL_FINDING,
        subject=f"Poise: {words}",
        lead=f"{words} since the last message.",
        sections=(Section("New findings", items, count - len(items)),),
        made_at=workspace.clock(),
        link=link_to(workspace, "recommendations?view=flat&risk=critical"),
    )
    return _to_listeners(workspace, f"alert:{workspace.clock().isoformat()}:{found[0].id}", notice)


def link_to(workspace: Workspace, path: str) -> str:
    """Return the address of a page, where it is known at which address people find the pages."""
    return f"{workspace.delivery.pages}/{path}" if workspace.delivery.pages else ""


def _to_listeners(workspace: Workspace, key: str, notice: Notice) -> list[Outgoing]:
    listening = [one for one in channels(workspace) if notice.event in one.events and not one.kind.makes_tickets]
    return [message for one in listening for message in addressed(one, key, notice)]


def _unkept(message: Outgoing, workspace: Workspace) -> OutboxRow:
    now = workspace.clock()
    return OutboxRow(
        number=0,
        message=message,
        state=OutboxState.WAITING,
        attempts=1,
        made_at=now,
        next_at=now,
        sent_at=None,
        error="",
    )


def _require_valid(workspace: Workspace, one: Channel) -> None:
    rules: Iterable[tuple[bool, Callable[[], str]]] = (
        (bool(NAME.fullmatch(one.name)), lambda: "a name is of letters, digits, '.', '_' and '-'"),
        (one.kind is not ChannelKind.MAIL or bool(one.to), lambda: "it names no address"),
        (all(map(is_address, one.to)), lambda: f"{next(t for t in one.to if not is_address(t))!r} is no mail address"),
        (one.kind is ChannelKind.MAIL or bool(one.url), lambda: "it names no address to call"),
        (not _unknown_options(one), lambda: f"there is no option {_unknown_options(one)[0]!r}"),
        (one.kind is not ChannelKind.JIRA or bool(one.options.get("project")), lambda: "it names no project"),
        (one.options.get("version", "3") in JIRA_VERSIONS, lambda: "version is 3 for Jira Cloud, 2 for Jira Server"),
    )
    for holds, text in rules:
        if not holds:
            raise UsageError(f"The channel {one.name!r} cannot be: {text()}.")
    if one.url:
        try:
            pinned(one.url, workspace.delivery.allowed)
        except NotDelivered as refused:
            if refused.is_final:
                raise UsageError(f"The channel {one.name!r} cannot be: {refused.what}", refused.do) from refused


def _require_same_place(one: Channel, there: Channel | None, kept: Secret) -> None:
    """Refuse that a secret goes to another host than it was given for."""
    if there is not None and kept.key and _beginning(one.url).lower() != _beginning(there.url).lower():
        raise UsageError(
            f"The channel {one.name!r} cannot be: its secret was given for another address.", "Give the secret again."
        )


def _unknown_options(one: Channel) -> list[str]:
    return sorted(one.options.keys() - OPTIONS.get(one.kind, frozenset()))


def _beginning(url: str) -> str:
    """Return scheme and host: what follows may be a secret, as it is for chats."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0].partition('?')[0]}/…" if mark else ""


def _box(workspace: Workspace) -> Fernet:
    """Return what encrypts: under the key of a file where one is set, else under the store's own."""
    key = workspace.delivery.key or workspace.store.secret_key()
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"poise secrets of channels").derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))
