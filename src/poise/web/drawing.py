"""Graphs as pages show them: a picture of bounded size, and a list that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poise.web import words
from poise.web.address import Address

MOST_DRAWN = 300
"""Nodes of one picture; beyond, siblings are grouped."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """What the macro `graphs.canvas` shows."""

    data: Json
    """`nodes`, `edges`, and perhaps `path` and `center`, as the island reads them."""
    edges: Sequence[Json]
    """The edges with the names of their ends."""
    left_out: int
    """Nodes that are not drawn."""


def drawn(found: Mapping[str, Any], address: Address, path: Sequence[str] = ()) -> Drawn:
    """Return how a graph of plain JSON is shown: `nodes`, `edges`, perhaps `center` and `left_out`.

    ``path`` lists ids of nodes that are drawn strong, in order.
    """
    nodes, edges = _grouped(found["nodes"], found["edges"], {*path, found.get("center", "")})
    kept = [node | {"href": _page(node, address)} for node in nodes[:MOST_DRAWN]]
    ids = {node["id"]: node["name"] for node in kept}
    told = [edge for edge in edges if edge["source"] in ids and edge["target"] in ids]
    data: Json = {"nodes": kept, "edges": told, "path": list(path), "center": found.get("center", "")}
    named = [edge | {"source_name": ids[edge["source"]], "target_name": ids[edge["target"]]} for edge in told]
    return Drawn(data, named, found.get("left_out", 0) + len(nodes) - len(kept))


def _page(node: Json, address: Address) -> str:
    """Return the address of a node's page; what is no asset has none."""
    return address.at("inventory", node["id"], tab="graph") if node["scope"] and "members" not in node else ""


def _grouped(nodes: Sequence[Json], edges: Sequence[Json], kept: set[str]) -> tuple[list[Json], list[Json]]:
    """Put nodes of one kind that have the same neighbours together, if there are more than can be drawn."""
    if len(nodes) <= MOST_DRAWN:
        return list(nodes), list(edges)
    beside: dict[str, set[tuple[str, str]]] = {node["id"]: set() for node in nodes}
    for edge in edges:
        beside[edge["source"]].add((edge["kind"], edge["target"]))
        beside[edge["target"]].add((edge["kind"], edge["source"]))
    signs = {node["id"]: _sign(node, beside[node["id"]], kept) for node in nodes}
    sizes = Counter(signs.values())
    return _merged(nodes, edges, signs, sizes)


def _sign(node: Json, beside: set[tuple[str, str]], kept: set[str]) -> str:
    return node["id"] if node["id"] in kept else f"group {node['kind']} {sorted(beside)}"


def _merged(
    nodes: Sequence[Json], edges: Sequence[Json], signs: Mapping[str, str], sizes: Mapping[str, int]
) -> tuple[list[Json], list[Json]]:
    made: dict[str, Json] = {}
    for node in nodes:
        sign = signs[node["id"]]
        made.setdefault(sign, node if sizes[sign] == 1 else _group(node, sizes[sign]))
    joined = {
        (source := made[signs[edge["source"]]]["id"], target := made[signs[edge["target"]]]["id"], edge["kind"]): edge
        | {"source": source, "target": target}
        for edge in edges
    }
    return list(made.values()), list(joined.values())


def _group(node: Json, size: int) -> Json:
    return node | {"name": f"{size:,} × {words.kind_label(node['kind'])}", "members": size}
