"""What if: some fixes of a path together, proven on a copy, and the estate that stays loaded while people try."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from poise.app.graph import inventory_key
from poise.app.path_fixes import Estate, fix_json, numbered_fixes, open_estate, outcome_json
from poise.app.paths import path_row
from poise.app.workspace import Workspace
from poise.attackpaths.covering import best_fixes
from poise.attackpaths.path import AttackPath
from poise.attackpaths.proposing import Proposal, fixes, proposals
from poise.model.asset import Asset, replace
from poise.model.errors import UsageError

T = TypeVar("T")
Json = dict[str, Any]
KEPT_ANSWERS = 200
"""Answers of one estate that are kept."""


@dataclass
class EstateCache:
    """The estate of a process, searched once, until the inventory or the rules change.

    What it answers is of the whole estate: a viewer who may not see all of it is told nothing.
    """

    _key: str = ""
    _estate: Estate | None = None
    _answers: dict[object, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fixes(self, workspace: Workspace, id: str) -> list[Json]:
        """Return the proven fixes of a path, each with the number by which `fix:PATH:NUMBER` names it."""
        path_row(workspace, id)
        if workspace.viewer is not None:
            return []
        return self._kept(workspace, ("fixes", id), lambda estate: numbered_fixes(estate, id))

    def what_if(self, workspace: Workspace, id: str, numbers: Sequence[int]) -> Json | None:
        """Return what some fixes of a path would do together; None if the path is not found any more."""
        path_row(workspace, id)
        if workspace.viewer is not None:
            return None
        return self._kept(workspace, ("if", id, *sorted(set(numbers))), lambda estate: what_if(estate, id, numbers))

    def top(self, workspace: Workspace, most: int) -> list[Json]:
        """Return the few fixes that take away most risk of the estate, each proven on top of those before it."""
        if workspace.viewer is not None:
            return []
        return self._kept(workspace, ("top", most), lambda estate: top_of(estate, most))

    def _kept(self, workspace: Workspace, name: object, compute: Callable[[Estate], T]) -> T:
        with self._lock:
            key = inventory_key(workspace) + repr(workspace.choices.paths)
            if key != self._key or self._estate is None:
                self._key, self._estate, self._answers = key, open_estate(workspace), {}
            if name not in self._answers:
                if len(self._answers) >= KEPT_ANSWERS:
                    self._answers.clear()
                self._answers[name] = compute(self._estate)
            found: T = self._answers[name]
            return found


def what_if(estate: Estate, id: str, numbers: Iterable[int]) -> Json | None:
    """Return what some fixes of a path would do together to it, and to all others."""
    path = estate.path(id)
    if path is None:
        return None
    found = proposals(estate.ground, estate.found, path)
    chosen = [found[number - 1] for number in sorted(set(numbers)) if 0 < number <= len(found)]
    changed = together(chosen)
    about: tuple[AttackPath, ...] = (path,)
    here, everywhere = (estate.prover.compare(changed, some) for some in (about, ()))
    return {
        "fixes": [f"{fixes()[one.fix].title}: {one.says}." for one in chosen],
        "verdict": here.verdict,
        "here": outcome_json(estate, here),
        "everywhere": outcome_json(estate, everywhere),
    }


def top_of(estate: Estate, most: int) -> list[Json]:
    """Return the best fixes of an estate."""
    chosen = best_fixes(estate.prover, estate.ground, most)
    rows = [fix_json(estate, one.proposal, one.outcome) for one in chosen]
    return [row | {"asset": one.proposal.changes[0].before.id} for row, one in zip(rows, chosen, strict=True)]


def together(chosen: Iterable[Proposal]) -> Mapping[str, Asset | None]:
    """Return records with the changes of several fixes. Raises :class:`UsageError` if two change the same fact."""
    changed: dict[str, Asset | None] = {}
    touched: dict[tuple[str, str], str] = {}
    for proposal in chosen:
        for change in proposal.changes:
            if change.after is None or changed.get(change.before.id, change.before) is None:
                changed[change.before.id] = None
                continue
            facts = {n: v for n, v in change.after.known().items() if change.before.known().get(n) != v}
            _refuse_twice(touched, change.before, facts, proposal)
            base = changed.get(change.before.id) or change.before
            changed[change.before.id] = replace(base, **facts)
    return changed


def _refuse_twice(
    touched: dict[tuple[str, str], str], asset: Asset, facts: Mapping[str, Any], proposal: Proposal
) -> None:
    for fact in facts:
        other = touched.setdefault((asset.id, fact), proposal.says)
        if other != proposal.says:
            raise UsageError(
                f"Two of these fixes change {fact} of {asset.name or asset.id}.",
                "Tick one of them, make it, scan again, and try the other one.",
            )
