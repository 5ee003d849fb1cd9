"""Which nodes of the security graph a viewer may see, and what is left of an edge whose proof lies elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.graph import Node
from poise.model.viewer import sees_parts

Json = dict[str, Any]


class Sight:
    """What the viewer of a workspace sees of the graph, as of when it is made."""

    def __init__(self, workspace: Workspace) -> None:
        self._viewer = workspace.viewer
        self._members = workspace.store.groups.seen_ids(workspace.viewer)

    def sees(self, node: Node) -> bool:
        """Whether a node may be seen: those outside of every scope always are."""
        return self.sees_at(node.scope, node.id)

    def sees_at(self, scope: str, id: str) -> bool:
        """Whether the node of this id, in this scope, may be seen."""
        return self._viewer is None or not scope or scope in self._viewer or id in self._members

    def sees_asset(self, asset: str, scope: str | None) -> bool:
        """Whether a fact of an asset may be told; ``scope`` is None for one that the graph does not hold."""
        return not sees_parts(self._viewer) or asset in self._members or (scope or "") in (self._viewer or ())


def require_whole(workspace: Workspace, what: str) -> None:
    """Raise :class:`UsageError` if the viewer may not see everything; ``what`` is what was asked for."""
    if workspace.viewer is not None:
        raise UsageError(f"{what} takes all that is stored into account.", "Ask somebody who may see everything.")


def require_whole_scopes(workspace: Workspace) -> None:
    """Raise :class:`UsageError` if the viewer may see parts of scopes: who may do what follows from all of a scope."""
    if sees_parts(workspace.viewer):
        raise UsageError(
            "Who may do what follows from statements all over an account.",
            "Ask somebody who may see the whole account.",
        )


def told(sight: Sight, scope: Callable[[str], str | None], edge: Json) -> Json:
    """Return an edge, or a step of a path, without proofs that lie on assets that the viewer may not see.

    ``scope`` gives the scope of an asset, None for one that the graph does not hold.
    """
    kept = [one for one in edge["evidence"] if sight.sees_asset(one["asset"], scope(one["asset"]))]
    return edge if len(kept) == len(edge["evidence"]) else edge | {"evidence": kept, "is_redacted": True}
