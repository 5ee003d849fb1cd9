"""Use cases of saved queries: keep, share, list, remove, watch."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from poise.app.workspace import Workspace, learn
from poise.assess.custom.watched import kinds_of
from poise.graph.explorer import forms
from poise.graph.explorer.templates import templates
from poise.model.errors import UsageError
from poise.model.query import Query
from poise.model.saved_query import SavedQuery, Watch
from poise.store import Deed

LONGEST_TITLE = 300
_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")


def saved(workspace: Workspace, by: str | None = None) -> tuple[SavedQuery, ...]:
    """Return the saved queries that somebody sees: the shared ones and their own; all if nobody is named."""
    return tuple(one for one in workspace.store.saved_queries.all() if by in (None, one.by) or one.is_shared)


def get(workspace: Workspace, name: str) -> SavedQuery:
    """Return one. Raises :class:`UsageError` if there is none."""
    for one in workspace.store.saved_queries.all():
        if one.name == name:
            return one
    raise UsageError(f"There is no saved query {name!r}.", "`poise query --saved` shows those that there are.")


def save(workspace: Workspace, name: str, query: Query, by: str, title: str = "", *, is_shared: bool = False) -> Any:
    """Keep a query under a name; a watch that it has stays. Raises :class:`UsageError` for a name that cannot be."""
    _require_free(name)
    before = {one.name: one for one in workspace.store.saved_queries.all()}.get(name)
    made = SavedQuery(
        name=name,
        title=title.strip()[:LONGEST_TITLE] or (before.title if before else ""),
        query=query,
        by=by,
        changed_at=workspace.clock(),
        is_shared=is_shared or bool(before and before.is_shared),
        watch=before.watch if before else None,
    )
    if made.watch:
        kinds_of(made)
    workspace.store.saved_queries.put(made, Deed(by, "query saved", name, forms.to_text(query)))
    if made.watch:
        _settle(workspace)
    return made


def remove(workspace: Workspace, name: str, by: str) -> SavedQuery:
    """Remove a saved query, and its check with it. Raises :class:`UsageError` if there is none."""
    found = get(workspace, name)
    workspace.store.saved_queries.remove(name, Deed(by, "query removed", name))
    if found.watch:
        _settle(workspace)
    return found


def watch(workspace: Workspace, name: str, wanted: Watch | None, by: str) -> SavedQuery:
    """Make a check of a saved query, or make it none any more.

    It judges from the next scan on; what it found is withdrawn at once when it is a check no more.
    """
    found = get(workspace, name)
    if wanted is not None and not wanted.title.strip():
        raise UsageError("A watched query needs a title.", "Say what should be: 'Exposed machines should …'.")
    made = msgspec.structs.replace(found, watch=wanted, by=by, changed_at=workspace.clock())
    if wanted is not None:
        kinds_of(made)
    action = "query watched" if wanted else "query no longer watched"
    workspace.store.saved_queries.put(made, Deed(by, action, name, msgspec.to_builtins(wanted)))
    _settle(workspace)
    return made


def saved_json(one: SavedQuery) -> dict[str, Any]:
    """Return a saved query as scripts and pages get it."""
    shape: dict[str, Any] = msgspec.to_builtins(one)
    return shape | {"query": forms.to_json(one.query), "text": forms.to_text(one.query)}


def _settle(workspace: Workspace) -> None:
    """Have the workspace know the checks of what is watched now, and withdraw what those found that are no more."""
    before = workspace.checks.keys()
    learn(workspace)
    workspace.store.withdraw(before - workspace.checks.keys())


def _require_free(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a query.", "Use small letters, digits and _, beginning with a letter.")
    if name in {template.id for template in templates()}:
        raise UsageError(f"{name!r} is a ready question.", "Choose another name.")
