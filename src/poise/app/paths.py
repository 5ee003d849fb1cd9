"""Attack paths: found after a scan, kept with their history, listed, explained, and asked why there are none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from poise.app.estate_graph import Sources, sources_of
from poise.app.graph import graph_of
from poise.app.seeing import Sight, told
from poise.app.workspace import Workspace
from poise.attackpaths.analysis import Analysis, analyse
from poise.attackpaths.choking import choke_points, smallest_cut
from poise.attackpaths.emptiness import Emptiness, why_empty
from poise.attackpaths.facts import Facts
from poise.attackpaths.fix import Ground
from poise.attackpaths.path import AttackPath
from poise.attackpaths.proposing import Proposal, fixes, proposals
from poise.attackpaths.target_risk import target_risks
from poise.attackpaths.telling import path_json, step_json
from poise.model.errors import UsageError
from poise.model.verdict import Severity
from poise.model.viewer import sees_parts
from poise.store.paths import KeptPath, PathChange, PathRow

Json = dict[str, Any]
NOTHING: Json = {"kinds": 0, "targets": []}
UNPROVEN = "Not proven yet: "
ONLY_WHOLE = "Only who may see everything can be told what the search of everything found on the way."
ELSEWHERE = "It rests on facts of assets that you may not see."
NO_FIX = "No change of what was read is known to break it."


def find_paths(workspace: Workspace, sources: Sources | None = None) -> Analysis:
    """Search everything that is stored."""
    return analyse(sources.facts() if sources else stored_facts(workspace), workspace.choices.paths)


def stored_facts(workspace: Workspace) -> Facts:
    """Return the graph of everything that is stored."""
    graph = graph_of(workspace)
    return Facts(graph.nodes(), graph.edges())


def keep_paths(workspace: Workspace) -> PathChange:
    """Search everything that is stored, and keep what was found."""
    found = find_paths(workspace)
    ground = Ground(found.facts, sources_of(workspace).assets if found.paths else {})
    risks = target_risks(found.paths, found.priors)
    kept = [_kept(found, ground, path, risks[path.target.node]) for path in found.paths]
    return workspace.store.paths.keep(kept, _summary(found))


def critical_of(workspace: Workspace, ids: Collection[str]) -> tuple[str, ...]:
    """Return which of some paths are critical: what alerts are about."""
    rows = workspace.store.paths.all(None) if ids else ()
    return tuple(row.id for row in rows if row.id in ids and row.level == Severity.CRITICAL.rank)


def paths(workspace: Workspace, fixed: bool = False, scopes: Collection[str] = ()) -> list[Json]:
    """Return the paths that the viewer may see, the riskiest first."""
    return _seen(workspace, workspace.store.paths.all(workspace.viewer, fixed, scopes))


def path_row(workspace: Workspace, id: str) -> PathRow:
    """Return one path. Raises :class:`UsageError` if there is none that the viewer may see."""
    row = workspace.store.paths.get(workspace.viewer, id)
    if row is None or not _seen(workspace, (row,)):
        raise UsageError(f"There is no attack path {id!r}.", "`poise list paths` shows those that there are.")
    return row


def path(workspace: Workspace, id: str) -> Json:
    """Return one path with its history, without fixes: these are proven by :mod:`poise.app.path_fixes`."""
    past = workspace.store.paths.history(id)
    found = _seen(workspace, (path_row(workspace, id),))
    return found[0] | {"history": [msgspec.to_builtins(one) for one in past]}


def paths_of_node(workspace: Workspace, node: str) -> list[Json]:
    """Return the open paths that an asset lies on."""
    return _seen(workspace, workspace.store.paths.of_node(workspace.viewer, node))


def row_json(row: PathRow) -> Json:
    """Return a stored path."""
    return {
        **row.document,
        "status": row.state,
        "first_seen": row.first_seen.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "resolved_at": row.resolved_at.isoformat() if row.resolved_at else None,
        "exemption": row.exemption or None,
        "exempted_until": row.exempted_until.isoformat() if row.exempted_until else None,
    }


def meeting_points(workspace: Workspace) -> list[Json]:
    """Return the choke points of the last search, of scopes that the viewer may see."""
    kept = workspace.store.paths.analysis()
    rows = kept[1]["choke_points"] if kept else []
    sight = Sight(workspace)
    return [row for row in rows if sight.sees_at(row["scope"], row["node"])]


def why_no_paths(workspace: Workspace) -> Json:
    """Return what is open, what is worth reaching, and where the best attempt ends, as of the last search."""
    kept = workspace.store.paths.analysis()
    if kept is None:
        return {"searched_at": None, "paths": 0, "why": "Nothing was searched yet: a scan does it."}
    at, summary = kept
    count = len(paths(workspace))
    known = summary["emptiness"] if workspace.viewer is None else {"why": ONLY_WHOLE}
    return {"searched_at": at.isoformat(), "paths": count, **known}


def left_out(workspace: Workspace) -> Json:
    """Return what the last search left out, as there was too much of it, and the words for it; empty for nothing."""
    kept = workspace.store.paths.analysis()
    found = kept[1].get("left_out", NOTHING) if kept else NOTHING
    sight = Sight(workspace)
    targets = [one for one in found["targets"] if sight.sees_at(one["scope"], one["id"])]
    kinds = found["kinds"] if workspace.viewer is None else 0
    words = []
    if kinds:
        words.append(f"{kinds:,} costlier kinds of ways to targets that are listed are not listed themselves")
    if targets:
        words.append(f"not every way to {len(targets):,} targets was looked at, as there are too many")
    return {"kinds": kinds, "targets": targets, "says": "; ".join(words)}


def blind_spots(workspace: Workspace) -> list[Json]:
    """Return the paths that there may be: something that decides was not read. None of them is critical."""
    facts = stored_facts(workspace)
    found = analyse(facts, msgspec.structs.replace(workspace.choices.paths, with_unknown=True))
    seen = [path for path in found.paths if path.state == "unknown" and _may_see(workspace, facts, path)]
    sight = Sight(workspace)
    rows = (path_json(facts, path) for path in seen)
    return [row for one in rows if (row := _told(sight, facts.scope, one)) is not None]


def exempt_path(workspace: Workspace, id: str, reason: str, until: datetime | None, by: str) -> None:
    """Decide not to act on a path; an empty reason takes the decision back.

    Raises :class:`UsageError` for an end that is past.
    """
    path_row(workspace, id)
    if until is not None and until <= workspace.clock():
        raise UsageError(f"{until:%Y-%m-%d %H:%M} UTC is past.", "Give an end that is to come.")
    workspace.store.paths.exempt(id, reason, until, by)


def _may_see(workspace: Workspace, facts: Facts, path: AttackPath) -> bool:
    if not sees_parts(workspace.viewer):
        return workspace.viewer is None or set(path.places.crossed) <= workspace.viewer
    sight = Sight(workspace)
    return all(sight.sees_at(facts.scope(node), node) for node in path.nodes)


def _seen(workspace: Workspace, rows: Sequence[PathRow]) -> list[Json]:
    """Return stored paths as a viewer may see them."""
    found = [row_json(row) for row in rows]
    if not found or not sees_parts(workspace.viewer):
        return found
    sight, scopes = Sight(workspace), workspace.store.graph.scopes({id for row in found for id in _named(row)})
    return [seen for row in found if (seen := _told(sight, scopes.get, row)) is not None]


def _told(sight: Sight, scope: Callable[[str], str | None], row: Json) -> Json | None:
    """Return a path of which the viewer sees every place without proofs from elsewhere; None if a side is hidden."""
    ends = {end for side in row["sides"] for step in side for end in (step["from"], step["to"])}
    if not all(scope(end) == "" or sight.sees_asset(end, scope(end)) for end in ends):
        return None
    steps = [told(sight, scope, step) for step in row["steps"]]
    sides = [[told(sight, scope, step) for step in side] for side in row["sides"]]
    if steps == row["steps"] and sides == row["sides"]:
        return row
    return row | {"steps": steps, "sides": sides, "fix_summary": ELSEWHERE}


def _named(row: Json) -> Iterator[str]:
    for step in (*row["steps"], *(step for side in row["sides"] for step in side)):
        yield from (step["from"], step["to"], *(one["asset"] for one in step["evidence"]))


def _kept(found: Analysis, ground: Ground, path: AttackPath, target_risk: float) -> KeptPath:
    summary = fix_summary(proposals(ground, found, path))
    document = path_json(found.facts, path) | {"fix_summary": summary, "target_risk": target_risk}
    return KeptPath(
        id=path.id,
        title=path.title,
        entry_scope=path.places.entry,
        target_scope=path.places.target,
        scopes=path.places.crossed,
        nodes=path.nodes,
        level=path.level.rank,
        risk=path.risk,
        count=path.count,
        document=document,
    )


def fix_summary(found: list[Proposal]) -> str:
    """Return the easiest fix in a few words, which say wherever they are shown that nobody has proven it yet."""
    return f"{UNPROVEN}{fixes()[found[0].fix].title}: {found[0].says}." if found else NO_FIX


def _summary(found: Analysis) -> Json:
    cut = smallest_cut(found)
    facts = found.facts
    return {
        "left_out": {
            "kinds": found.bounds.kinds,
            "targets": [{"id": id, "name": facts.name(id), "scope": facts.scope(id)} for id in found.bounds.targets],
        },
        "choke_points": [msgspec.to_builtins(one) for one in choke_points(found)],
        "smallest_cut": {"effort": cut.effort, "steps": [step_json(found.facts, taken) for taken in cut.steps]},
        "emptiness": emptiness_json(found.facts, why_empty(found)),
    }


def emptiness_json(facts: Facts, why: Emptiness) -> Json:
    """Return why there are no paths."""
    return {
        "entries": why.entries,
        "targets": why.targets,
        "steps": why.steps,
        "unread": why.unread,
        "why": why.blocked.why,
        "best_attempt": [step_json(facts, taken) for taken in why.blocked.steps],
    }
