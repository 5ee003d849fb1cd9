"""A query as a sentence: "Find EC2 instances where exposed that can authenticate as anything"."""

from __future__ import annotations

from poise.graph.explorer.write import write_condition
from poise.model.query import Block, Direction, Link, Presence, Query
from poise.web import words

PRESENCE = {Presence.REQUIRED: "that", Presence.WITHOUT: "that never", Presence.OPTIONAL: "that perhaps"}


def sentence(query: Query) -> str:
    """Return what a query asks for, as a sentence."""
    return f"Find {_block(query.find)}."


def _block(block: Block) -> str:
    kinds = " or ".join(words.kind_label(kind) if "*" not in kind else kind for kind in sorted(block.kinds))
    condition = "" if block.where is None else f" where {write_condition(block.where)}"
    links = "".join(_link(link, at) for at, link in enumerate(block.links))
    return f"{kinds or 'anything'}{condition}{links}"


def _link(link: Link, at: int) -> str:
    verbs = " or ".join(sorted(link.edges.kinds)) or "is joined to"
    gives = f" {'/'.join(sorted(link.edges.capabilities))}" if link.edges.capabilities else ""
    hops = "" if link.most == 1 else f" in {link.least} to {link.most} steps"
    target = _block(link.to)
    if link.direction is Direction.IN:
        return f"{' and' if at else ''} {PRESENCE[link.presence]} {target} {verbs}{gives}{hops}"
    return f"{' and' if at else ''} {PRESENCE[link.presence]} {verbs}{gives}{hops} {target}"
