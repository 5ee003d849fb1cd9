"""Care of the store: its schema, backups, old history, and what a scope left behind."""

from __future__ import annotations

from pathlib import Path

from poise.app.workspace import Workspace
from poise.model.listings import AssetFilter
from poise.store import KEPT_DAYS
from poise.store import upgrade as upgrade_store


def upgrade(db: str) -> bool:
    """Create or upgrade a store; return whether there was anything to do."""
    return upgrade_store(db)


def backup(workspace: Workspace, path: Path) -> None:
    """Copy the store into a new file, while others go on working."""
    workspace.store.backup(path)


def collect_garbage(workspace: Workspace, days: int = KEPT_DAYS) -> None:
    """Remove history that ended longer ago than so many days."""
    workspace.store.gc(days)


def scope_size(workspace: Workspace, scope: str) -> int:
    """Return the number of assets of a scope."""
    return workspace.store.assets.count(workspace.viewer, AssetFilter(scopes=frozenset({scope})))


def retire(workspace: Workspace, scope: str) -> int:
    """Remove what a scope holds now and keep its past, so that what the score was can still be explained.

    Returns the number of assets. Raises :class:`UsageError` if there is none.
    """
    return workspace.store.retire(scope)


def purge(workspace: Workspace, scope: str) -> int:
    """Remove a scope with its history; return the number of assets. Raises :class:`UsageError` if there is none."""
    return workspace.store.purge(scope)
