"""The weekly digests: to each owner what is on time and overdue, to managers what is overdue, to channels the sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from poise.app import governing
from poise.app.governing_facts import candidates
from poise.app.governing_report import report
from poise.app.notifying import addressed, channels, link_to
from poise.app.workspace import Workspace
from poise.model.governance import DueState, due_state, is_address
from poise.model.notice import EventKind, Item, Notice, Outgoing, Section
from poise.store.governance import Candidate, Wanted

NAMED = 50
"""Findings that one section names; the rest is counted."""


class _Listed:
    """The findings of one receiver, worst first, without keeping more than are named."""

    def __init__(self) -> None:
        self.counts: dict[DueState, int] = defaultdict(int)
        self._kept: dict[DueState, list[tuple[tuple[int, str, str], Candidate]]] = defaultdict(list)

    def add(self, state: DueState, one: Candidate) -> None:
        self.counts[state] += 1
        due = one.present.due.isoformat() if one.present and one.present.due else "9"
        kept = self._kept[state]
        kept.append(((-one.facts.risk.rank, due, one.id), one))
        if len(kept) >= 4 * NAMED:
            self._kept[state] = sorted(kept, key=lambda pair: pair[0])[:NAMED]

    def first(self, state: DueState) -> list[Candidate]:
        return [one for _, one in sorted(self._kept[state], key=lambda pair: pair[0])[:NAMED]]


def messages(workspace: Workspace, at: datetime) -> Sequence[Outgoing]:
    """Return the digests that are due at a moment; that moment is part of their keys."""
    rules = {one.name: one for one in governing.rules(workspace)}
    owners: dict[str, _Listed] = defaultdict(_Listed)
    managers: dict[str, _Listed] = defaultdict(_Listed)
    now = workspace.clock()
    for one in candidates(workspace, Wanted(is_assigned=True)):
        present = one.present
        if present is None or not one.is_unhealthy:
            continue
        rule = rules.get(present.rule)
        state = due_state(present, None, now)
        if is_address(present.owner) and (rule is None or rule.notifies_owner):
            owners[present.owner].add(state, one)
        if rule is not None and state is DueState.OVERDUE:
            for manager in rule.managers:
                managers[manager].add(state, one)
    found = [*_to_owners(workspace, owners, at), *_to_managers(workspace, managers, at)]
    return [*found, *_to_channels(workspace, at)]


def _to_owners(workspace: Workspace, owners: dict[str, _Listed], at: datetime) -> Iterator[Outgoing]:
    for address, listed in sorted(owners.items()):
        late, early = listed.counts[DueState.OVERDUE], listed.counts[DueState.ON_TIME]
        lead = f"You own {_count(late + early)}: {late:,} overdue, {early:,} on time."
        sections = (
            _section(workspace, "Overdue", listed, DueState.OVERDUE),
            _section(workspace, "On time", listed, DueState.ON_TIME),
        )
        notice = Notice(
            event=EventKind.DIGEST,
            subject=f"Poise: {late:,} overdue, {early:,} on time",
            lead=lead,
            sections=tuple(section for section in sections if section.items),
            made_at=workspace.clock(),
            link=link_to(workspace, f"recommendations?view=flat&owner={address}"),
        )
        yield Outgoing(key=f"digest:owner:{at.isoformat()}:{address}", channel="", to=address, notice=notice)


def _to_managers(workspace: Workspace, managers: dict[str, _Listed], at: datetime) -> Iterator[Outgoing]:
    for address, listed in sorted(managers.items()):
        count = _count(listed.counts[DueState.OVERDUE])
        notice = Notice(
            event=EventKind.DIGEST,
            subject=f"Poise: {count} overdue",
            lead=f"{count} of those that you look after are overdue.",
            sections=(_section(workspace, "Overdue", listed, DueState.OVERDUE),),
            made_at=workspace.clock(),
            link=link_to(workspace, "governance"),
        )
        yield Outgoing(key=f"digest:manager:{at.isoformat()}:{address}", channel="", to=address, notice=notice)


def _to_channels(workspace: Workspace, at: datetime) -> Iterator[Outgoing]:
    listening = [one for one in channels(workspace) if EventKind.DIGEST in one.events and not one.kind.makes_tickets]
    if not listening:
        return
    total = report(workspace).total
    lead = f"{total.overdue:,} overdue, {total.on_time:,} on time, {total.unassigned:,} unassigned."
    notice = Notice(
        event=EventKind.DIGEST,
        subject=f"Poise: {total.overdue:,} findings overdue",
        lead=lead,
        made_at=workspace.clock(),
        link=link_to(workspace, "governance"),
    )
    for one in listening:
        yield from addressed(one, f"digest:channel:{at.isoformat()}", notice)


def _section(workspace: Workspace, title: str, listed: _Listed, state: DueState) -> Section:
    items = tuple(_item(workspace, one) for one in listed.first(state))
    return Section(title, items, listed.counts[state] - len(items))


def _item(workspace: Workspace, one: Candidate) -> Item:
    check = workspace.checks.get(one.facts.check)
    present = one.present
    notes = [f"due {present.due.date().isoformat()}"] if present and present.due else ["no due date"]
    notes += [f"expected {present.eta.date().isoformat()}"] if present and present.eta else []
    return Item(
        title=check.title if check else one.facts.check,
        where=f"{one.facts.asset} in {one.facts.account}",
        level=one.facts.risk.value,
        note=", ".join(notes),
        link=link_to(workspace, f"findings/{one.id}"),
        id=one.id,
    )


def _count(number: int) -> str:
    return f"{number:,} finding{'' if number == 1 else 's'}"
