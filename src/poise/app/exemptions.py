"""Use cases about exemptions: add, remove, take from a file, look at what one would cover, switch checks off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from poise.app import queries
from poise.app.covering import apply_exemptions, checks_of, fault_of, ids_of, meant_by
from poise.app.exemption_file import read_file
from poise.app.workspace import Workspace
from poise.model.errors import BadInput, UsageError
from poise.model.exemption import FOR_GOOD, Covers, Exemption, ExemptionRow, SwitchRow, bare
from poise.model.finding import Finding
from poise.model.listings import FindingFilter
from poise.store import Change

SOON = timedelta(days=14)
"""An exemption that ends within this is said to end soon."""
BROAD_SHARE, BROAD_COUNT = 0.2, 10
"""One that covers so great a share of all open findings, and at least so many, is too broad."""
SHOWN = 50
"""Findings that a dry run names."""
NAME = re.compile(r"[A-Za-z0-9][\w.:-]{0,99}")


class Preview(msgspec.Struct, frozen=True):
    """What an exemption would cover now."""

    exemption: Exemption
    covered: int
    findings: tuple[Finding, ...]
    """The first of them, worst first."""
    warnings: tuple[str, ...]


class Listed(msgspec.Struct, frozen=True):
    """An exemption, or a check that is switched off, as lists show it."""

    name: str
    kind: str
    """``waiver``, ``mitigated``, or ``disabled`` for a check that is switched off."""
    covers: Covers
    covered: int
    until: datetime | None
    reason: str
    approver: str
    """Who approved of it, or switched the check off."""
    origin: str
    notes: tuple[str, ...]
    """``ended``, ``ending soon``, ``unused``, ``too broad``."""


class Synced(msgspec.Struct, frozen=True):
    """What taking exemptions from a file changes."""

    added: tuple[Preview, ...]
    changed: tuple[Preview, ...]
    removed: tuple[str, ...]
    kept: int


def add(workspace: Workspace, exemption: Exemption, actor: str) -> Preview:
    """Add an exemption; its findings stop counting at once. Raises :class:`UsageError` for what cannot be."""
    _require_valid(workspace, exemption)
    if any(row.exemption.name == exemption.name for row in workspace.store.exemptions.present()):
        raise UsageError(f"There is an exemption {exemption.name!r} already.", "Take another name, or remove it first.")
    preview = _preview(workspace, exemption)
    change(workspace, Change((exemption,), (), actor))
    return preview


def preview(workspace: Workspace, exemption: Exemption) -> Preview:
    """Return what an exemption would cover, and what speaks against it. Nothing is changed."""
    _require_valid(workspace, exemption)
    return _preview(workspace, exemption)


def remove(workspace: Workspace, name: str, actor: str) -> Exemption:
    """Remove an exemption; its findings count again at once. Raises :class:`UsageError` if there is none."""
    found = {row.exemption.name: row.exemption for row in workspace.store.exemptions.present()}
    if name not in found:
        raise UsageError(f"There is no exemption {name!r}.", "`poise list exemptions` shows those that there are.")
    change(workspace, Change((), (name,), actor))
    return found[name]


def sync(workspace: Workspace, path: Path, actor: str, *, dry_run: bool = False) -> Synced:
    """Make the exemptions of a file be those that it holds; others are left alone.

    Raises :class:`BadInput` naming the line of whatever is wrong, one that has ended too; nothing is changed then.
    """
    wanted = read_file(path, lambda exemption: _fault(workspace, exemption))
    there = {row.exemption.name: row.exemption for row in workspace.store.exemptions.present()}
    origin = str(path.resolve())
    wanted = tuple(msgspec.structs.replace(one, origin=origin) for one in wanted)
    for one in wanted:
        if one.name in there and there[one.name].origin != origin:
            where = there[one.name].origin or "by hand"
            raise BadInput(f"{path}: there is an exemption {one.name!r} already, from elsewhere: {where}.")
    names = {one.name for one in wanted}
    added = [one for one in wanted if one.name not in there]
    changed = [one for one in wanted if one.name in there and bare(there[one.name]) != one]
    removed = [name for name, one in there.items() if one.origin == origin and name not in names]
    previews = {one.name: _preview(workspace, one) for one in (*added, *changed)}
    if not dry_run:
        change(workspace, Change((*added, *changed), (*removed, *(one.name for one in changed)), actor))
    return Synced(
        tuple(previews[one.name] for one in added),
        tuple(previews[one.name] for one in changed),
        tuple(removed),
        len(wanted) - len(added) - len(changed),
    )


def listed(workspace: Workspace) -> tuple[Listed, ...]:
    """Return every exemption with what it covers and what to look at, and every check that is switched off."""
    now, total = workspace.clock(), _open_findings(workspace)
    rows = [_listed(row, now, total) for row in workspace.store.exemptions.present()]
    for switch in workspace.store.effects.switches():
        covers = Covers(checks=(switch.check,), scopes=(switch.scope,) if switch.scope else ())
        notes = ("ending soon",) if switch.until is not None and switch.until - now <= SOON else ()
        rows.append(Listed(switch.check, "disabled", covers, 0, switch.until, switch.reason, switch.by, "", notes))
    return tuple(rows)


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """A check that is to be switched off or on."""

    check: str
    scope: str | None = None
    """None for everywhere."""
    until: datetime | None = None
    reason: str = ""


class LeftOut(msgspec.Struct, frozen=True):
    """A vulnerability of a finding that is exempt."""

    id: str
    exemption: str
    """Name of the exemption."""


def left_out(workspace: Workspace, id: str) -> tuple[LeftOut, ...]:
    """Return the vulnerabilities of a finding that exemptions take from it; the finding stays if others are left."""
    now = workspace.clock()
    every = [row.exemption for row in workspace.store.exemptions.present()]
    holding = [one for one in every if one.covers.is_about_vulnerabilities and one.until > now]
    meant = meant_by(workspace.store, holding, (workspace.checks, workspace.standards))
    return tuple(
        LeftOut(name, one.name)
        for one in holding
        for name in workspace.store.exemptions.taken(id, one, meant[one.name])
    )


def disable(workspace: Workspace, switch: Switch, actor: str) -> str:
    """Switch a check off: none of its verdicts counts until it is enabled. Return its id."""
    id = queries.check_of(workspace, switch.check).id
    if not switch.reason.strip():
        raise UsageError("A reason is missing.", "Say why the check is switched off, for whoever reads it in a year.")
    if switch.until is not None and switch.until <= workspace.clock():
        raise UsageError(f"{switch.until.isoformat()} is past.", "Give an end that is to come.")
    workspace.store.effects.switch_off(SwitchRow(id, switch.scope, switch.until, switch.reason.strip(), actor))
    detail = {"scope": switch.scope, "until": switch.until, "reason": switch.reason}
    workspace.store.audit.write(actor, "check disabled", id, msgspec.to_builtins(detail))
    return id


def enable(workspace: Workspace, switch: Switch, actor: str) -> str:
    """Switch a check on again in the same place; exemptions of its findings hold again. Return its id."""
    id = queries.check_of(workspace, switch.check).id
    if (id, switch.scope) not in {(row.check, row.scope) for row in workspace.store.effects.switches()}:
        where = f"in {switch.scope}" if switch.scope else "everywhere"
        raise UsageError(f"{id} is not switched off {where}.", "`poise list exemptions` shows what is.")
    workspace.store.effects.enable(id, switch.scope)
    apply_exemptions(workspace.store, workspace.checks, workspace.standards)
    workspace.store.audit.write(actor, "check enabled", id, {"scope": switch.scope})
    return id


def change(workspace: Workspace, change: Change) -> None:
    """Add and remove exemptions in one transaction; what holds then acts at once."""
    there = [row.exemption for row in workspace.store.exemptions.present() if row.exemption.name not in change.removed]
    known = (workspace.checks, workspace.standards)
    meant = meant_by(workspace.store, (*there, *change.added), known)
    workspace.store.exemptions.change(change, meant)


def _preview(workspace: Workspace, exemption: Exemption) -> Preview:
    meant = checks_of(exemption.covers, workspace.checks, workspace.standards)
    count, rows = workspace.store.exemptions.covered(workspace.viewer, exemption, meant, SHOWN)
    warnings = tuple(_warnings(exemption, count, _open_findings(workspace), workspace.clock()))
    partly = workspace.store.exemptions.partly(workspace.viewer, exemption, meant)
    if partly:
        warnings = (f"{partly:,} findings stay open: they have other vulnerabilities too", *warnings)
    return Preview(exemption, count, tuple(queries.to_finding(workspace, row) for row in rows), warnings)


def _warnings(exemption: Exemption, covered: int, total: int, now: datetime) -> Iterator[str]:
    if _is_broad(exemption.covers, covered, total):
        yield f"too broad: it covers {covered:,} of {total:,} open findings; name checks, assets or tags"
    elif not covered:
        yield "unused: it covers no open finding now"
    if exemption.until - now > FOR_GOOD:
        yield "it lasts longer than a year; nobody will look at it before"
    elif exemption.until - now <= SOON:
        yield "ending soon"


def _is_broad(covers: Covers, covered: int, total: int) -> bool:
    if not (covers.names_checks or covers.assets or covers.groups or covers.tags):
        return True
    return covered >= BROAD_COUNT and covered >= BROAD_SHARE * total


def _listed(row: ExemptionRow, now: datetime, total: int) -> Listed:
    one = row.exemption
    notes = []
    if one.until <= now:
        notes.append("ended")
    elif one.until - now <= SOON:
        notes.append("ending soon")
    if not row.covered and one.until > now:
        notes.append("unused")
    if _is_broad(one.covers, row.covered, total):
        notes.append("too broad")
    return Listed(
        one.name, one.kind.value, one.covers, row.covered, one.until, one.reason, one.approver, one.origin, tuple(notes)
    )


def _open_findings(workspace: Workspace) -> int:
    return workspace.store.findings.count(workspace.viewer, FindingFilter())


def _require_valid(workspace: Workspace, exemption: Exemption) -> None:
    fault = _fault(workspace, exemption)
    if fault is not None:
        raise UsageError(f"The exemption {exemption.name!r} cannot be: {fault[1]}.")


def _fault(workspace: Workspace, exemption: Exemption) -> tuple[str, str] | None:
    """Return the key that is wrong and what is wrong with it; None if nothing is."""
    rules: Sequence[tuple[bool, str, str]] = (
        (bool(NAME.fullmatch(exemption.name)), "name", "a name is of letters, digits, '.', ':', '_' and '-'"),
        (bool(exemption.reason.strip()), "reason", "it gives no reason"),
        (bool(exemption.approver.strip()), "approver", "nobody has approved it"),
        (not exemption.covers.is_everything, "name", "it would cover everything; say what it covers"),
        (_is_range(exemption.covers), "cvss_at_least", "its CVSS scores are no range within 0 to 10"),
        (exemption.until > workspace.clock(), "until", f"it ended at {exemption.until:%Y-%m-%d %H:%M} UTC"),
    )
    for holds, key, text in rules:
        if not holds:
            return key, text
    for word in exemption.covers.checks:
        if not ids_of(word, workspace.checks):
            return "checks", f"there is no check {word!r}"
    for word in exemption.covers.standards:
        fault = fault_of(word, workspace.standards)
        if fault is not None:
            return "standards", fault
    groups = {row.group.name for row in workspace.store.groups.all()}
    for name in exemption.covers.groups:
        if name not in groups:
            return "groups", f"there is no group {name!r}"
    return None


def _is_range(covers: Covers) -> bool:
    lowest = 0.0 if covers.cvss_at_least is None else covers.cvss_at_least
    highest = 10.0 if covers.cvss_at_most is None else covers.cvss_at_most
    return 0 <= lowest <= highest <= 10
