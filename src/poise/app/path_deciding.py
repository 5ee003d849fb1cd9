"""Decisions about attack paths that take effect at once: searching again, and marking what one leads to."""

from __future__ import annotations

from poise.app.marking import mark
from poise.app.path_graph import target_of
from poise.app.paths import keep_paths, path
from poise.app.risks import judge_risks
from poise.app.workspace import Workspace
from poise.model.judged import ScopePass
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree
from poise.store.paths import PathChange


def search_again(workspace: Workspace) -> PathChange:
    """Search everything that is stored; risks of findings are judged with what is found."""
    change = keep_paths(workspace)
    for source, scope in sorted(workspace.store.scans.scopes(None)):
        judge_risks(workspace, ScopePass(source=source, scope=scope))
    return change


def mark_target(workspace: Workspace, id: str, reason: str, by: str) -> PathChange:
    """Mark what a path leads to as critical, and search again: other ways to it may count now.

    Raises :class:`UsageError` if there is no such path, or its target is no asset.
    """
    asset = target_of(path(workspace, id))
    mark(workspace, Mark(asset_id=asset, topic=Topic.CRITICALITY, degree=Degree.HIGH.value, reason=reason, by=by))
    return search_again(workspace)
