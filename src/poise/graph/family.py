"""Families of edges: each a module of `graph/edges/` that finds one sort of edge in the assets of an estate."""

from __future__ import annotations

import enum
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from poise.graph.estate import Estate
from poise.model.graph import Edge, Node


class Told(msgspec.Struct, frozen=True):
    """One judgement about a node: what becomes one of its insights."""

    node: str
    """Id of the node."""
    name: str
    """Name of the insight; see :mod:`poise.graph.insights.table`."""
    value: Any
    """A flag, number, text, or list of texts."""


Ignored = Mapping[str, frozenset[str]]
"""Kind -> facts of it."""
Found = Iterable[Node | Edge | Told]
"""What a family finds: edges, nodes for what is no asset, and judgements about nodes."""


class Width(enum.StrEnum):
    """Which assets a family looks at together."""

    SCOPE = "scope"
    """Those of one account or subscription."""
    PROVIDER = "provider"
    """Those of one cloud."""
    ESTATE = "estate"
    """All."""


class Family(msgspec.Struct, frozen=True):
    """One sort of edge."""

    width: Width
    """What it is given; a change elsewhere does not make it look again."""
    find: Callable[[Estate], Found]
    """Finds its edges."""
    provider: str = ""
    """Cloud that it is for; empty for all."""
    ignores: Ignored = msgspec.field(default_factory=dict)
    """Facts that it never reads: a change of them does not make it look again."""


@cache
def families() -> dict[str, Family]:
    """Return every family by the name of its module, found by walking the folder."""
    parent = importlib.import_module("poise.graph.edges")
    names = sorted(one.name for one in pkgutil.iter_modules(parent.__path__))
    modules = {name: importlib.import_module(f"{parent.__name__}.{name}") for name in names}
    return {name: module.FAMILY for name, module in modules.items() if hasattr(module, "FAMILY")}
