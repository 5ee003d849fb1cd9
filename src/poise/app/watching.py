"""Watched queries as checks: asked of the graph once a pass, after everything was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from poise.app.graph import graph_of, sources
from poise.app.workspace import Workspace
from poise.assess.custom.watched import Knowledge, checks, missing
from poise.graph.explorer.bounds import certain, possible
from poise.model.check import Check
from poise.model.saved_query import SavedQuery
from poise.store.exploring import TooSlow


def is_watching(workspace: Workspace) -> bool:
    """Whether a saved query is watched."""
    return any(saved.watch for saved in workspace.store.saved_queries.all())


def informed(workspace: Workspace) -> Workspace:
    """Return the workspace with checks that know what the graph, as it is now, says of their queries."""
    graph_of(workspace)
    problems = unlisted(workspace)
    made: dict[str, Check] = {}
    for saved in workspace.store.saved_queries.all():
        if saved.watch is not None:
            made |= {check.id: check for check in checks(saved, _asked(workspace, saved, problems))}
    return replace(workspace, checks={**workspace.checks, **made})


def _asked(workspace: Workspace, saved: SavedQuery, problems: Mapping[str, str]) -> Knowledge:
    find = saved.query.find
    try:
        found = workspace.store.exploring.ids(certain(find))
        may = workspace.store.exploring.ids(possible(find))
    except TooSlow as slow:
        return Knowledge(gap=str(slow.what))
    return Knowledge(found, may - found, missing(find, problems))


def unlisted(workspace: Workspace) -> dict[str, str]:
    """Return kind -> reason for the kinds that could not be listed somewhere."""
    scans = workspace.store.scans
    found: dict[str, str] = {}
    for source in sources(workspace):
        both = scans.absences(source) | scans.listing_problems(source)
        found |= {kind: f"{scope}: {reason}" for (kind, scope), reason in sorted(both.items())}
    return found
