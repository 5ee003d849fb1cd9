"""A record as a tree: each fact with its value, unread ones with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poise.model.asset import Asset, to_json

OPEN_TO = 8
"""Branches with at most so many leaves start open."""


@dataclass(frozen=True)
class Node:
    """One line of the tree."""

    key: str
    kind: str
    """`string`, `value`, `none`, `unread`, `branch`."""
    text: str = ""
    children: tuple[Node, ...] = ()

    @property
    def starts_open(self) -> bool:
        """Whether a branch is small enough to be shown at once."""
        return len(self.children) <= OPEN_TO


def of(asset: Asset) -> tuple[Node, ...]:
    """Lay out an asset: identity, tags, then every fact in the order of its record."""
    shaped = to_json(asset)
    identity = [_node(name, shaped[name]) for name in ("id", "kind", "name", "scope", "region")]
    facts = {"tags": shaped["tags"], **shaped["record"]}
    gaps = shaped["unread"]
    rest = [
        Node(fact, "unread", gaps[fact]) if fact in gaps else _node(fact, facts[fact])
        for fact in ("tags", *type(asset).FACTS)
    ]
    return (*identity, *rest)


def _node(key: str, value: Any) -> Node:
    if isinstance(value, Mapping):
        children = tuple(_node(str(name), inner) for name, inner in value.items())
        return Node(key, "branch", f"{{{len(children)}}}", children)
    if isinstance(value, list | tuple):
        children = tuple(_node(str(place), inner) for place, inner in enumerate(value))
        return Node(key, "branch", f"[{len(children)}]", children)
    if value is None:
        return Node(key, "none", "none")
    if isinstance(value, str):
        return Node(key, "string", value)
    return Node(key, "value", str(value).lower() if isinstance(value, bool) else str(value))
