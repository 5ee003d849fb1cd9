"""An attack path as a graph of plain JSON: the cheapest way, and beside it what stands at the same places in others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from poise.app.workspace import Workspace
from poise.model.errors import UsageError

Json = dict[str, Any]
SIBLINGS = "siblings"
"""Start of the id of a node that stands for others."""


def path_graph(row: Json, expanded: Collection[str] = ()) -> Json:
    """Return nodes and edges of a path; what stands beside a place is one node, unless that place is expanded."""
    steps = row["steps"]
    ids = [steps[0]["from"], *(step["to"] for step in steps)] if steps else [row["entry"]["id"]]
    nodes = {one["id"]: one for stage in row["members"] for one in stage if one["id"] in ids}
    edges = [_edge(step, number) for number, step in enumerate(steps, 1)]
    for place in range(len(row["members"])):
        more = list(_beside(row, place, set(ids), str(place) in expanded))
        nodes |= {one["id"]: one for one in more}
        edges += [edge for one in more for edge in _joined(row, place, one["id"])]
    for number, side in enumerate(row["sides"], 1):
        nodes |= {end["id"]: end for step in side for end in _ends(step, nodes)}
        edges += [_edge(step, 0) | {"need": number} for step in side]
    return {"nodes": list(nodes.values()), "edges": edges, "path": list(dict.fromkeys(ids))}


def with_levels(workspace: Workspace, graph: Json) -> Json:
    """Add to each node that is an asset the highest risk of its open findings."""
    nodes = [node | _level(workspace, node) for node in graph["nodes"]]
    return graph | {"nodes": nodes}


def _level(workspace: Workspace, node: Json) -> Json:
    if not node["scope"] or node["id"].startswith(SIBLINGS):
        return {}
    found = workspace.store.assets.get(workspace.viewer, node["id"])
    return {"risk": found.row.highest_risk.value} if found is not None and found.row.highest_risk else {}


def _edge(step: Json, number: int) -> Json:
    names = ("state", "condition", "evidence", "story", "technique", "title", "rule")
    told = {name: step[name] for name in names}
    return {"source": step["from"], "target": step["to"], "kind": step["title"].lower(), "number": number, **told}


def _beside(row: Json, place: int, ids: Collection[str], is_expanded: bool) -> Iterator[Json]:
    """Yield what stands at a place in other ways than the cheapest."""
    members = row["members"][place]
    count = row["member_counts"][place]
    others = [one for one in members if one["id"] not in ids]
    if is_expanded:
        yield from others
        others = others[:0]
    left = count - 1 - (len([one for one in members if one["id"] not in ids]) if is_expanded else 0)
    if left > 0 and members:
        kind = (others or members)[0]["kind"]
        yield {"id": f"{SIBLINGS} {place}", "name": f"{left} more", "kind": kind, "scope": "", "members": left}


def _joined(row: Json, place: int, id: str) -> Iterator[Json]:
    """Yield the edges that join something beside a place to the places before and after."""
    steps = row["steps"]
    if place:
        yield _edge(steps[place - 1], 0) | {"target": id, "evidence": []}
    if place < len(steps):
        yield _edge(steps[place], 0) | {"source": id, "evidence": []}


def _ends(step: Json, nodes: Json) -> Iterator[Json]:
    for end in ("from", "to"):
        if step[end] not in nodes:
            yield {"id": step[end], "name": step[f"{end}_name"], "kind": "", "scope": ""}


def target_of(row: Json) -> str:
    """Return the id of the asset that a path leads to. Raises :class:`UsageError` if it is none."""
    if not row["target"]["scope"]:
        raise UsageError("The target of this path is no asset.", "Mark an asset that it passes.")
    return str(row["target"]["id"])
