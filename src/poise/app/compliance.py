"""The state of standards over what is stored, from roll-ups: time does not grow with the estate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from poise.app.workspace import Workspace
from poise.comply import status as comply
from poise.comply.comparison import Comparison, compare
from poise.comply.status import Attested
from poise.model.attestation import Attestation
from poise.model.compliance import Result, StandardStatus
from poise.model.listings import Counts, FindingFilter
from poise.model.standard import Standard
from poise.model.viewer import GROUP

Places = Sequence[tuple[str, str]]
Counting = Callable[[frozenset[str]], Mapping[str, Counts]]
"""Scopes -> counts of each check."""


def overview(
    workspace: Workspace, scopes: Iterable[str] = (), *, hidden_too: bool = False
) -> tuple[StandardStatus, ...]:
    """Return the state of every standard that has data in the scopes (all if none are named), with its controls.

    A scope may be a group of assets: ``group:NAME``.

    ``hidden_too`` gives those without data as well.
    """
    found = _statuses(workspace, workspace.standards.all(), scopes)
    return tuple(each for each in found if hidden_too or each.state is not Result.UNSUPPORTED)


def standard_status(workspace: Workspace, id: str, scopes: Iterable[str] = ()) -> StandardStatus:
    """Return the state of one standard with its controls. Raises :class:`UsageError` if there is none."""
    return _statuses(workspace, (workspace.standards.get(id),), scopes)[0]


def comparison(workspace: Workspace, first: str, second: str, scopes: Iterable[str] = ()) -> Comparison:
    """Return what two standards share. Raises :class:`UsageError` if there is no such standard."""
    standards = (workspace.standards.get(first), workspace.standards.get(second))
    one, other = _statuses(workspace, standards, scopes)
    return compare(one, other)


def attestations(workspace: Workspace, when: datetime | None = None) -> Mapping[tuple[str, str], Sequence[Attestation]]:
    """Return (standard, control) -> the attestations that hold at a moment, now if none is said."""
    found: dict[tuple[str, str], list[Attestation]] = defaultdict(list)
    for each in workspace.store.attestations.holding(workspace.viewer, when or workspace.clock()):
        found[each.standard, each.control].append(each)
    return found


def scopes_of(workspace: Workspace, standard: Standard, wanted: Iterable[str] = ()) -> frozenset[str]:
    """Return the scopes that a standard is judged over: assigned to it, seen by the viewer, and wanted if any are."""
    return _scopes(workspace, standard, _places(workspace), accounts_among(wanted))


def scopes_of_each(
    workspace: Workspace, standards: Iterable[Standard], wanted: Iterable[str] = ()
) -> Mapping[str, frozenset[str]]:
    """Return id of a standard -> its :func:`scopes_of`; the store is asked once."""
    places, chosen = _places(workspace), accounts_among(wanted)
    return {standard.id: _scopes(workspace, standard, places, chosen) for standard in standards}


def accounts_among(words: Iterable[str]) -> frozenset[str]:
    """Return the accounts, subscriptions and projects among scopes and groups."""
    return frozenset(word for word in words if not word.startswith(GROUP))


def groups_among(words: Iterable[str]) -> frozenset[str]:
    """Return the names of the groups of assets among scopes and groups."""
    return frozenset(word.removeprefix(GROUP) for word in words if word.startswith(GROUP))


def _scopes(workspace: Workspace, standard: Standard, places: Places, wanted: frozenset[str]) -> frozenset[str]:
    assigned = workspace.standards.scopes(standard, places)
    return assigned & wanted if wanted else assigned


def _places(workspace: Workspace) -> Places:
    return tuple((scope.provider, scope.id) for _, scope in workspace.store.scans.scopes(workspace.viewer))


def statuses_at(
    workspace: Workspace, when: datetime, counts: Counting, wanted: Iterable[str] = ()
) -> tuple[StandardStatus, ...]:
    """Return the state of every standard at a moment, from counts of then; the mapping of checks is that of now."""
    found = _statuses(workspace, workspace.standards.all(), wanted, Then(when, counts))
    return tuple(each for each in found if each.state is not Result.UNSUPPORTED)


def status_then(workspace: Workspace, standard: Standard, then: Then, wanted: Iterable[str] = ()) -> StandardStatus:
    """Return the state of one standard at a moment."""
    return _statuses(workspace, (standard,), wanted, then)[0]


class Then(NamedTuple):
    """A moment, and who counts the verdicts of then."""

    when: datetime
    counts: Counting


def _statuses(
    workspace: Workspace, standards: Sequence[Standard], wanted: Iterable[str], then: Then | None = None
) -> tuple[StandardStatus, ...]:
    """Judge the standards, those over the same scopes together, so that each set of scopes is counted once."""
    words = frozenset(wanted)
    named = groups_among(words)
    places, chosen = _places(workspace), accounts_among(words)
    stated = attestations(workspace, then.when if then else None)
    groups: dict[frozenset[str], list[Standard]] = defaultdict(list)
    for standard in standards:
        groups[_scopes(workspace, standard, places, chosen)].append(standard)
    found: dict[str, StandardStatus] = {}
    for scopes, group in groups.items():
        counts = then.counts(scopes) if then else _counts(workspace, scopes, named)
        judged = comply.statuses(group, counts, Attested(stated, scopes))
        found |= {each.standard: each for each in judged}
    return tuple(found[standard.id] for standard in standards)


def _counts(workspace: Workspace, scopes: frozenset[str], groups: frozenset[str]) -> Mapping[str, Counts]:
    if not scopes:
        return {}
    return workspace.store.findings.counts(workspace.viewer, FindingFilter(scopes=scopes, groups=groups))
