"""Assets that are marked by hand as critical or sensitive: beside what tags, names and the settings say of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from poise.app import queries
from poise.app.risks import judge_risks
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.judged import ScopePass
from poise.model.mark import Mark, Topic
from poise.store import Deed


def marks(workspace: Workspace) -> tuple[Mark, ...]:
    """Return the marks of the assets that the viewer sees."""
    kept = workspace.store.marks.all().values()
    return tuple(one for one in kept if is_seen(workspace, one.asset_id))


def marks_of(workspace: Workspace, asset_id: str) -> dict[Topic, Mark]:
    """Return the marks of an asset."""
    return {topic: one for (uid, topic), one in workspace.store.marks.all().items() if uid == asset_id}


def mark(workspace: Workspace, wanted: Mark) -> None:
    """Mark an asset; its risks are judged with it at once.

    Raises :class:`UsageError` if there is no such asset, or no reason.
    """
    if not wanted.reason.strip():
        raise UsageError("The reason is empty.", "Say why in a few words.")
    mark_all(workspace, [wanted])


def mark_all(workspace: Workspace, wanted: Sequence[Mark]) -> None:
    """Mark assets; the risks of each scope are judged once. Raises :class:`UsageError` if there is no such asset."""
    rows = [queries.asset(workspace, one.asset_id).row for one in wanted]
    for one, row in zip(wanted, rows, strict=True):
        made = msgspec.structs.replace(one, asset_id=row.asset.id, at=workspace.clock())
        detail = {"topic": one.topic.value, "degree": one.degree, "reason": one.reason}
        workspace.store.marks.put(made, Deed(one.by, "asset marked", made.asset_id, detail))
    for source, scope in sorted({(row.source, row.asset.scope) for row in rows}):
        judge_risks(workspace, ScopePass(source=source, scope=scope))


def unmark(workspace: Workspace, asset_id: str, topic: Topic, by: str) -> bool:
    """Take a mark away; return whether there was one. Raises :class:`UsageError` if there is no such asset."""
    found = queries.asset(workspace, asset_id)
    deed = Deed(by, "mark removed", found.row.asset.id, {"topic": topic.value})
    was_there = workspace.store.marks.remove(found.row.asset.id, topic, deed)
    judge_risks(workspace, ScopePass(source=found.row.source, scope=found.row.asset.scope))
    return was_there


def is_seen(workspace: Workspace, asset_id: str) -> bool:
    """Whether there is such an asset that the viewer sees."""
    try:
        queries.asset(workspace, asset_id)
    except UsageError:
        return False
    return True
