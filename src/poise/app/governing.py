"""Use cases about rules of governance: add, change, move, remove, look at what they would assign, run them again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from poise.app import queries
from poise.app.covering import ids_of
from poise.app.governing_facts import candidates, resolved
from poise.app.workspace import Workspace
from poise.govern.rules import (
    HIGHEST_PRIORITY,
    LOWEST_PRIORITY,
    due_of,
    fault,
    misread_owner,
    owner_of,
    takes,
    tie,
    winner,
)
from poise.model.errors import UsageError
from poise.model.finding import Finding
from poise.model.governance import Assignment, Overwrite, Rule
from poise.store.audit import Deed
from poise.store.governance import Assigned, Candidate, RuleChange, Wanted

NAME = re.compile(r"[^\W_][\w .:-]{0,99}")
SHOWN = 50
"""Findings that a dry run names."""
BATCH = 5_000
"""Assignments that are written in one transaction."""


class Planned(msgspec.Struct, frozen=True):
    """What would be assigned to one finding."""

    finding: Finding
    rule: str
    owner: str
    due: str
    """The day, ISO 8601."""
    others: tuple[str, ...]
    """Rules that would have taken it, but give way."""


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What rules would do now."""

    taken: int
    """Findings that would be assigned."""
    kept: int
    """Findings that they take, but that stay as they are assigned."""
    unowned: int
    """Of those taken, the ones for which no owner is found."""
    overdue: int
    """Of those taken, the ones that are overdue from the start."""
    lost: dict[str, int]
    """Rule that wins -> findings that the rule in question would take, but for that one."""
    yielding: dict[str, int]
    """Rule that gives way -> findings that it would take, but for the rule in question."""
    planned: tuple[Planned, ...]
    """The first of them."""
    warnings: tuple[str, ...]


def rules(workspace: Workspace) -> Sequence[Rule]:
    """Return the rules that there are, the strongest first."""
    return workspace.store.governance.rules()


def rule(workspace: Workspace, name: str) -> Rule:
    """Return one rule. Raises :class:`UsageError` if there is none."""
    for one in rules(workspace):
        if one.name == name:
            return one
    raise UsageError(f"There is no rule {name!r}.", "`poise govern list` shows those that there are.")


def add(workspace: Workspace, one: Rule, actor: str, overwrite: Overwrite = Overwrite.NOTHING) -> DryRun:
    """Add a rule, or change the one of the same name, and assign what it takes; return what that was.

    Raises :class:`UsageError` for what cannot be, a tie with another rule too.
    """
    found = preview(workspace, one, overwrite)
    there = {other.name for other in rules(workspace)}
    removed = [one.name] if one.name in there else []
    workspace.store.governance.change(RuleChange((one,), removed, actor))
    run_rules(workspace, actor, overwrite)
    return found


def remove(workspace: Workspace, name: str, actor: str) -> Rule:
    """Remove a rule. What it has assigned stays. Raises :class:`UsageError` if there is none."""
    found = rule(workspace, name)
    workspace.store.governance.change(RuleChange((), (name,), actor))
    return found


def move(workspace: Workspace, name: str, step: int, actor: str) -> Sequence[Rule]:
    """Let a rule change places with its neighbour of the same rank: -1 makes it stronger, 1 weaker.

    At the end of its rank it stays. Raises :class:`UsageError` if there is no such rule.
    """
    one = rule(workspace, name)
    rank = [other for other in rules(workspace) if other.precedence[0] == one.precedence[0]]
    place = next(n for n, other in enumerate(rank) if other.name == name)
    if not 0 <= place + step < len(rank):
        return rules(workspace)
    rank[place], rank[place + step] = rank[place + step], rank[place]
    changed = list(_renumbered(rank))
    workspace.store.governance.change(RuleChange(changed, [other.name for other in changed], actor))
    return rules(workspace)


def _renumbered(rank: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the rules whose priority changes, so that the order is as given and no two have the same."""
    numbers = sorted(one.priority for one in rank)
    if len(set(numbers)) < len(numbers):
        first = min(numbers[0], LOWEST_PRIORITY - len(numbers) + 1)
        numbers = list(range(max(first, HIGHEST_PRIORITY), first + len(numbers)))
    for one, number in zip(rank, numbers, strict=True):
        if one.priority != number:
            yield msgspec.structs.replace(one, priority=number)


def preview(workspace: Workspace, one: Rule, overwrite: Overwrite = Overwrite.NOTHING) -> DryRun:
    """Return what a rule would assign beside those that there are. Nothing is changed.

    Raises :class:`UsageError` for a rule that cannot be.
    """
    others = [other for other in rules(workspace) if other.name != one.name]
    require_valid(workspace, one, others)
    return dry_run(workspace, [*others, one], overwrite, one)


def dry_run(
    workspace: Workspace, some: Iterable[Rule], overwrite: Overwrite = Overwrite.NOTHING, about: Rule | None = None
) -> DryRun:
    """Return what rules would assign now; ``about`` looks at one of them alone."""
    tally = _Tally(workspace, [resolved(workspace, one) for one in some], overwrite, about)
    for candidate in candidates(workspace):
        tally.add(candidate)
    return tally.result()


class _Tally:
    """Adds up what a run of rules would do."""

    def __init__(self, workspace: Workspace, some: Sequence[Rule], overwrite: Overwrite, about: Rule | None) -> None:
        self._workspace, self._rules, self._overwrite = workspace, some, overwrite
        self._name = about.name if about else None
        self._about = next((one for one in some if one.name == self._name), None)
        self._counts: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._yielding: Counter[str] = Counter()
        self._misread: Counter[str] = Counter()
        self._first: list[tuple[Candidate, Assignment, tuple[str, ...]]] = []

    def add(self, candidate: Candidate) -> None:
        found = winner(self._rules, candidate.facts) if candidate.is_unhealthy else None
        if found is None:
            return
        if self._name is not None and found.rule.name != self._name:
            if self._about is not None and takes(self._about, candidate.facts):
                self._lost[found.rule.name] += 1
            return
        self._yielding.update(found.others)
        if not may_change(candidate, self._overwrite):
            self._counts["kept"] += 1
            return
        made = made_by(found.rule, candidate, self._workspace.clock())
        self._note(candidate, found.rule, made)
        if len(self._first) < SHOWN:
            self._first.append((candidate, made, found.others))

    def _note(self, candidate: Candidate, one: Rule, made: Assignment) -> None:
        self._counts["taken"] += 1
        self._counts["unowned"] += not made.owner
        self._counts["overdue"] += made.due is not None and made.due < self._workspace.clock()
        misread = misread_owner(one, candidate.facts)
        if misread:
            self._misread[f"{one.owner.tag}={misread}"] += 1

    def result(self) -> DryRun:
        counts = self._counts
        return DryRun(
            taken=counts["taken"],
            kept=counts["kept"],
            unowned=counts["unowned"],
            overdue=counts["overdue"],
            lost=dict(self._lost),
            yielding=dict(self._yielding),
            planned=tuple(self._planned(*each) for each in self._first),
            warnings=tuple(self._warnings()),
        )

    def _planned(self, candidate: Candidate, made: Assignment, others: tuple[str, ...]) -> Planned:
        due = made.due.date().isoformat() if made.due else ""
        return Planned(queries.finding(self._workspace, candidate.id), made.rule, made.owner, due, others)

    def _warnings(self) -> Iterator[str]:
        if self._about is not None:
            known = self._workspace.store.governance.accounts()
            for id in self._about.scope.accounts:
                if id not in known:
                    yield f"no account {id} was read"
        for text, count in self._misread.most_common(5):
            yield f"{count:,} findings: the tag {text} holds no mail address"
        if not (self._counts["taken"] or self._counts["kept"]):
            yield "no open finding is taken now"


def run_rules(workspace: Workspace, actor: str, overwrite: Overwrite = Overwrite.NOTHING) -> int:
    """Let the rules assign what they take; return how many findings were assigned. Audited where people ask for it."""
    some = [resolved(workspace, one) for one in rules(workspace) if one.is_enabled]
    if not some:
        return 0
    wanted = Wanted(is_unassigned=overwrite is Overwrite.NOTHING)
    count = 0
    found = _assigned(workspace, some, overwrite, wanted)
    while batch := list(islice(found, BATCH)):
        detail = {"findings": len(batch), "overwrite": overwrite}
        workspace.store.governance.assign(batch, Deed(actor, "findings assigned by rules", "governance", detail))
        count += len(batch)
    return count


def _assigned(workspace: Workspace, some: Sequence[Rule], overwrite: Overwrite, wanted: Wanted) -> Iterator[Assigned]:
    now = workspace.clock()
    for candidate in candidates(workspace, wanted):
        found = winner(some, candidate.facts) if candidate.is_unhealthy else None
        if found is None or not may_change(candidate, overwrite):
            continue
        made = made_by(found.rule, candidate, now)
        if candidate.present is None or not _is_same(candidate.present, made):
            yield Assigned(candidate.key, candidate.round, candidate.opened_at, made)


def may_change(candidate: Candidate, overwrite: Overwrite) -> bool:
    """Whether a run may assign a finding anew: one that lacks an owner or a due date always, others as told."""
    present = candidate.present
    if present is None or overwrite is Overwrite.EVERYTHING:
        return True
    return bool(present.rule) and (overwrite is Overwrite.RULES)


def made_by(one: Rule, candidate: Candidate, now: datetime) -> Assignment:
    """Return what a rule assigns to a finding. An expected date that was given stays."""
    present = candidate.present
    return Assignment(
        owner=owner_of(one, candidate.facts),
        due=due_of(one, candidate.opened_at, now),
        is_grace=one.is_grace,
        rule=one.name,
        eta=present.eta if present else None,
        justification=present.justification if present else "",
        assigned_at=now,
        assigned_by=f"rule {one.name}",
    )


def _is_same(one: Assignment, other: Assignment) -> bool:
    fields = ("owner", "due", "is_grace", "rule")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def require_valid(workspace: Workspace, one: Rule, others: Iterable[Rule]) -> None:
    """Raise :class:`UsageError` for a rule that cannot be beside the others."""
    wrong = fault_of(workspace, one, others)
    if wrong is not None:
        raise UsageError(f"The rule {one.name!r} cannot be: {wrong[1]}.")


def fault_of(workspace: Workspace, one: Rule, others: Iterable[Rule]) -> tuple[str, str] | None:
    """Return the key that is wrong and what is wrong with it; None if nothing is."""
    if not NAME.fullmatch(one.name):
        return "name", "a name is of letters, digits, spaces, '.', ':', '_' and '-'"
    wrong = fault(one)
    if wrong is not None:
        return wrong
    for condition in one.conditions:
        for word in condition.checks:
            if not ids_of(word, workspace.checks):
                return "checks", f"there is no check {word!r}"
    if one.ticket and one.ticket not in {ch.name for ch in workspace.store.channels.all() if ch.kind.makes_tickets}:
        return "ticket", f"there is no channel {one.ticket!r} that makes tickets"
    tied = tie(one, others, workspace.store.governance.accounts())
    if tied is not None:
        return "priority", f"{tied.name!r} has the priority {tied.priority} too, and may take the same findings"
    return None
