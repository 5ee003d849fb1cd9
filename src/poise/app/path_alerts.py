"""Tells of new attack paths of critical risk."""

from __future__ import annotations

from collections.abc import Sequence

from poise.app.notifying import link_to, raise_event
from poise.app.paths import path
from poise.app.workspace import Workspace
from poise.model.notice import EventKind, Item, Notice, Section

MOST = 20
"""Paths that one message lists."""


def alert_of_paths(workspace: Workspace, critical: Sequence[str]) -> int:
    """Tell of critical paths that opened; return of how many. Each time that one opens is told once."""
    if not critical:
        return 0
    rows = [path(workspace, id) for id in critical]
    words = f"{len(rows):,} new attack path{'' if len(rows) == 1 else 's'} of critical risk"
    items = tuple(
        Item(
            title=row["title"],
            where=f"{row['entry']['name']} to {row['target']['name']}",
            level=row["risk"]["level"],
            note=row["fix_summary"] or "",
            link=link_to(workspace, f"attack-paths/{row['id']}"),
            id=row["id"],
        )
        for row in rows[:MOST]
    )
    notice = Notice(
        event=EventKind.CRITICAL_PATH,
        subject=f"Poise: {words}",
        lead=f"{words} since the last scan.",
        sections=(Section("New attack paths", items, len(rows) - len(items)),),
        made_at=workspace.clock(),
        link=link_to(workspace, "attack-paths"),
    )
    raise_event(workspace, f"paths:{workspace.clock().isoformat()}:{rows[0]['id']}", notice)
    return len(rows)
