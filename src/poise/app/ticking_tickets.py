"""Tickets and findings, kept in step: a fixed finding closes its ticket, one that comes back opens it again, and a
ticket that somebody closed while the finding is still open is noted, never believed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from poise.app import governing, queries
from poise.app.governing_facts import candidates
from poise.app.notifying import Sender, channel, channels, link_to
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.finding import Finding
from poise.model.listings import FindingRow
from poise.model.notice import Channel, Ticket
from poise.notify.delivery import NotDelivered
from poise.notify.tickets import Held, TicketSystem, Wanted
from poise.store.audit import Deed
from poise.store.governance import Wanted as Findings

MADE_AT_ONCE = 100
"""Tickets that one run makes by rule; the rest comes with the next."""
OPEN, FIXED = "open", "fixed"
SYNC = "poise"


def open_ticket(workspace: Workspace, out: Sender, name: str, id: str, actor: str) -> Ticket:
    """Make the ticket of a finding in a channel, or return the one that there is.

    Raises :class:`UsageError` for a channel that makes no tickets or a finding that is fixed, :class:`NotDelivered`.
    """
    one = channel(workspace, name)
    if not one.kind.makes_tickets:
        raise UsageError(f"The channel {name!r} makes no tickets.", "Name one of Jira or ServiceNow.")
    row = queries.finding_row(workspace, id)
    there = next((t for t in workspace.store.channels.tickets(name) if t.finding == row.id), None)
    if there is not None:
        return there
    if row.resolved_at is not None:
        raise UsageError(f"The finding {id!r} is fixed: it needs no ticket.")
    return _make(workspace, out.tickets(one), one, row, actor)


def sync(workspace: Workspace, out: Sender) -> Sequence[str]:
    """Bring all tickets in step; return what went wrong, each ticket by itself."""
    errors: list[str] = []
    for one in channels(workspace):
        if one.kind.makes_tickets:
            errors += _sync_channel(workspace, out, one)
    return errors


def _sync_channel(workspace: Workspace, out: Sender, one: Channel) -> Sequence[str]:
    errors: list[str] = []
    try:
        system = out.tickets(one)
    except NotDelivered as problem:
        return [f"{one.name}: {problem}"]
    for ticket in workspace.store.channels.tickets(one.name):
        try:
            _sync_ticket(workspace, system, ticket)
        except NotDelivered as problem:
            errors.append(f"{one.name} {ticket.number}: {problem}")
    return [*errors, *_make_by_rule(workspace, system, one)]


def _sync_ticket(workspace: Workspace, system: TicketSystem, ticket: Ticket) -> None:
    row = queries.finding_row(workspace, ticket.finding)
    held = system.read(ticket.number, ticket.finding)
    if held is None:
        if not ticket.is_closed:
            _keep(workspace, ticket, Held(ticket.number, ticket.link, "removed", True), ticket.told)
        return
    told = FIXED if row.resolved_at is not None else OPEN
    if told == ticket.told:
        _keep(workspace, ticket, held, told)
        return
    if told == FIXED:
        text = f"Poise finds that this is fixed since {row.resolved_at:%Y-%m-%d %H:%M} UTC."
        held = held if held.is_closed else system.close(held, ticket.finding, text)
    else:
        text = f"Poise finds this again since {row.changed_at:%Y-%m-%d %H:%M} UTC: {row.reason}."
        held = system.reopen(held, ticket.finding, text) if held.is_closed else held
    _keep(workspace, ticket, held, told)


def _keep(workspace: Workspace, ticket: Ticket, held: Held, told: str) -> None:
    """Write what changed; that a ticket was closed while its finding is open is noted in the audit log."""
    made = msgspec.structs.replace(
        ticket, number=held.number, link=held.link, status=held.status, is_closed=held.is_closed, told=told
    )
    if made == ticket:
        return
    detail = {"channel": ticket.channel, "ticket": held.number, "status": held.status, "finding is": told}
    is_early = held.is_closed and told == OPEN and not ticket.is_closed
    action = "ticket closed while the finding is open" if is_early else "ticket changed"
    workspace.store.channels.keep_ticket(made, Deed(SYNC, action, ticket.finding, detail))


def _make_by_rule(workspace: Workspace, system: TicketSystem, one: Channel) -> Sequence[str]:
    rules = {rule.name for rule in governing.rules(workspace) if rule.is_enabled and rule.ticket == one.name}
    if not rules:
        return []
    there = {ticket.finding for ticket in workspace.store.channels.tickets(one.name)}
    wanted = []
    for candidate in candidates(workspace, Findings(is_assigned=True)):
        if candidate.present and candidate.present.rule in rules and candidate.id not in there:
            wanted.append(candidate.id)
        if len(wanted) == MADE_AT_ONCE:
            break
    errors = []
    for id in wanted:
        try:
            _make(workspace, system, one, queries.finding_row(workspace, id), SYNC)
        except NotDelivered as problem:
            errors.append(f"{one.name} {id}: {problem}")
    return errors


def _make(workspace: Workspace, system: TicketSystem, one: Channel, row: FindingRow, actor: str) -> Ticket:
    finding = queries.to_finding(workspace, row)
    held = system.find(row.id)
    if held is None:
        held = system.create(_wanted(workspace, finding))
    made = Ticket(
        channel=one.name,
        finding=row.id,
        number=held.number,
        link=held.link,
        status=held.status,
        is_closed=held.is_closed,
        told=OPEN,
        changed_at=workspace.clock(),
    )
    deed = Deed(actor, "ticket made", row.id, {"channel": one.name, "ticket": held.number})
    workspace.store.channels.keep_ticket(made, deed)
    return made


def _wanted(workspace: Workspace, finding: Finding) -> Wanted:
    link = link_to(workspace, f"findings/{finding.id}")
    lines = [
        f"{finding.title}: {finding.reason}.",
        f"Asset: {finding.asset.name} ({finding.asset.id}) in {finding.asset.scope}, {finding.asset.region}.",
        f"Risk: {finding.risk.level.value}. Check: {finding.check}. Finding: {finding.id}.",
        f"Owner: {finding.owner or 'nobody yet'}."
        + (f" Due: {finding.due.date().isoformat()}." if finding.due else ""),
        *([f"See {link}"] if link else []),
    ]
    title = f"{finding.title}: {finding.asset.name}"
    return Wanted(external=finding.id, title=title, text="\n".join(lines), level=finding.risk.level.value)
