"""Decisions about attack paths that take effect at once: searching again, and marking what one leads to."""

from __future__ import annotations

from datetime import datetime

from poise.app.marking import mark
from poise.app.path_graph import target_of
from poise.app.paths import exempt_path, keep_paths, path
from poise.app.risks import judge_risks
from poise.app.workspace import Workspace
from poise.model.judged import ScopePass
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree
from poise.store.paths import PathChange


def search_again(workspace: Workspace) -> PathChange:
    """Search everything that is stored; risks of findings are judged with what is found."""
    change = keep_paths(workspace)
    judge_again(workspace)
    return change


def judge_again(workspace: Workspace) -> None:
    """Judge the risks of findings with the paths that count now; a scope in which nothing changed is left alone."""
    for source, scope in workspace.store.scans.scopes(None):
        judge_risks(workspace, ScopePass(source=source, scope=scope.id))


def exempt(workspace: Workspace, id: str, reason: str, until: datetime | None, by: str) -> None:
    """Decide not to act on a path; an empty reason takes the decision back. Risks of findings follow at once."""
    exempt_path(workspace, id, reason, until, by)
    judge_again(workspace)


def mark_target(workspace: Workspace, id: str, reason: str, by: str) -> PathChange:
    """Mark what a path leads to as critical, and search again: other ways to it may count now.

    Raises :class:`UsageError` if there is no such path, or its target is no asset.
    """
    asset = target_of(path(workspace, id))
    mark(workspace, Mark(asset_id=asset, topic=Topic.CRITICALITY, degree=Degree.HIGH.value, reason=reason, by=by))
    return search_again(workspace)
