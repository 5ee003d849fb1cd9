"""Fixes of attack paths, each proven on a copy of the records before anyone touches the cloud."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from poise.app import fixes as texts
from poise.app.estate_graph import Sources, sources_of
from poise.app.paths import find_paths, path_row
from poise.app.workspace import Workspace
from poise.attackpaths.analysis import Analysis
from poise.attackpaths.covering import best_fixes
from poise.attackpaths.fix import Ground
from poise.attackpaths.path import AttackPath
from poise.attackpaths.proposing import Proposal, fixes, proposals
from poise.attackpaths.proving import Outcome, Prover
from poise.attackpaths.telling import path_json
from poise.model.asset import Asset
from poise.model.errors import UsageError
from poise.model.finding import AssetRef

Json = dict[str, Any]
MOST_FIXES = 8
"""Fixes of one path that are proven."""


@dataclass
class Estate:
    """Everything that is stored, searched once."""

    sources: Sources
    found: Analysis

    @cached_property
    def ground(self) -> Ground:
        """What fixes look at."""
        return Ground(self.found.facts, self.sources.assets)

    @cached_property
    def prover(self) -> Prover:
        """What proves them."""
        return Prover(self.found, self.sources.facts)

    def path(self, id: str) -> AttackPath | None:
        """Return a path as it is found now."""
        return next((path for path in self.found.paths if path.id == id), None)


def open_estate(workspace: Workspace) -> Estate:
    """Load and search everything that is stored."""
    sources = sources_of(workspace)
    return Estate(sources, find_paths(workspace, sources))


def fixes_of(workspace: Workspace, id: str) -> list[Json]:
    """Return the fixes of a path, proven, those that close it first, the easiest before the others.

    A proof is told of the whole estate, so who may not see all of it gets none.
    """
    path_row(workspace, id)
    return numbered_fixes(open_estate(workspace), id) if workspace.viewer is None else []


def numbered_fixes(estate: Estate, id: str) -> list[Json]:
    """Return the fixes of a path, proven, each with the number that names it in a simulation."""
    path = estate.path(id)
    if path is None:
        return []
    found = proposals(estate.ground, estate.found, path)[:MOST_FIXES]
    rows = [
        fix_json(estate, one, estate.prover.try_out(one.changes, (path,))) | {"number": number}
        for number, one in enumerate(found, 1)
    ]
    return sorted(rows, key=lambda row: (not row["verified"], row["paths_after"], row["effort"], row["number"]))


def top_fixes(workspace: Workspace, most: int = 5) -> list[Json]:
    """Return the few fixes that take away most risk, each proven on top of those before it; for who may see all."""
    if workspace.viewer is not None:
        return []
    estate = open_estate(workspace)
    chosen = best_fixes(estate.prover, estate.ground, most)
    return [fix_json(estate, one.proposal, one.outcome) for one in chosen]


def proposal_named(estate: Estate, name: str) -> Proposal:
    """Return a fix by `PATH:NUMBER`, or the best one by `PATH`. Raises :class:`UsageError` if there is none."""
    id, _, number = name.partition(":")
    path = estate.path(id)
    found = proposals(estate.ground, estate.found, path) if path else []
    place = int(number) - 1 if number.isdecimal() else 0
    if not 0 <= place < len(found):
        raise UsageError(f"There is no fix {name!r}.", "`poise fix PATH` numbers those that there are.")
    return found[place]


def fix_json(estate: Estate, proposal: Proposal, outcome: Outcome) -> Json:
    """Return a fix with its proof."""
    fix = fixes()[proposal.fix]
    return {
        "id": proposal.fix,
        "change": f"{fix.title}: {proposal.says}.",
        "verified": outcome.is_proven,
        "verdict": outcome.verdict,
        "breaks": proposal.breaks,
        "effort": proposal.effort,
        **outcome_json(estate, outcome),
        "residual_risk": fix.residual,
        "steps": [_texts(proposal.fix, change.before) for change in proposal.changes],
        "changes": [
            {"asset": change.before.id, "removed": change.after is None, "says": change.says}
            for change in proposal.changes
        ],
    }


def outcome_json(estate: Estate, outcome: Outcome) -> Json:
    """Return what changes would do."""
    facts = estate.found.facts
    return {
        "paths_before": outcome.paths_before,
        "paths_after": outcome.paths_after,
        "findings_before": outcome.findings_before,
        "findings_after": outcome.findings_after,
        "targets_cleared": [{"id": node, "name": facts.name(node)} for node in outcome.targets_cleared],
        "closed": [_short(path) for path in outcome.closed],
        "remaining": [path_json(facts, path) for path in outcome.left],
        "opened": [path_json(facts, path) for path in outcome.opened],
        "permissions_lost": [msgspec.to_builtins(loss) for loss in outcome.losses],
    }


def _short(path: AttackPath) -> Json:
    return {"id": path.id, "title": path.title, "count": path.count, "level": path.level.value}


def _texts(fix: str, asset: Asset) -> Json:
    ref = AssetRef(asset.id, asset.KIND, asset.name, asset.PROVIDER, asset.scope, asset.region)
    found: Json = msgspec.to_builtins(texts.filled(fixes()[fix].texts, ref))
    return {"asset": asset.id, **found}
