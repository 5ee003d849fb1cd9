"""Standards that were uploaded, and where each standard holds, as the store keeps them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import msgspec

from poise.app.kept_standards import KEPT, MOST_OWN, Kept, kept, with_kept
from poise.app.standards import Standards, read_text
from poise.app.workspace import Workspace
from poise.checks import catalog
from poise.model.errors import BadInput, UsageError
from poise.model.standard import Standard
from poise.standards.reading import MOST_BYTES
from poise.store.audit import Deed


def upload(workspace: Workspace, id: str, content: bytes, actor: str) -> Standard:
    """Keep a standard, or replace the one of that id. Audited.

    Raises :class:`BadInput` with the line of what is wrong, :class:`UsageError` for an id that is taken elsewhere.
    """
    if len(content) > MOST_BYTES:
        size = len(content) / 1_000_000
        raise BadInput(f"{id} has {size:.1f} MB; a standard may have {MOST_BYTES / 1_000_000:.0f} MB.")
    there = kept(workspace.store)
    if id not in there.texts:
        if id in workspace.standards.ids:
            raise UsageError(f"There is a standard {id!r} already.", "Give it another name.")
        if len(there.texts) >= MOST_OWN:
            raise UsageError(f"There are {MOST_OWN} uploaded standards already.", "Remove one first.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadInput(f"{id} is no text: byte {problem.start} is not UTF-8.") from problem
    standard = read_text(text, id, known={*catalog.load(), *workspace.checks})
    detail = {"controls": len(standard.controls)}
    _keep(workspace, Kept({**there.texts, id: text}, there.assigned), Deed(actor, "standard uploaded", id, detail))
    return standard


def remove(workspace: Workspace, id: str, actor: str) -> None:
    """Remove a standard that was uploaded. Audited. Raises :class:`UsageError` for any other."""
    there = kept(workspace.store)
    if id not in there.texts:
        workspace.standards.get(id)
        raise UsageError(f"{id} was not uploaded.", "Assign it to no scope instead.")
    texts = {other: text for other, text in there.texts.items() if other != id}
    assigned = {other: places for other, places in there.assigned.items() if other != id}
    _keep(workspace, Kept(texts, assigned), Deed(actor, "standard removed", id))


def assign(workspace: Workspace, id: str, scopes: Sequence[str], actor: str) -> None:
    """Let a standard hold in some scopes: ids or patterns, `*` for all, none for nowhere. Audited.

    Raises :class:`UsageError` for a standard or scope that there is not.
    """
    workspace.standards.get(id)
    known = sorted({scope.id for _, scope in workspace.store.scans.scopes(workspace.viewer)})
    for scope in scopes:
        if not any(mark in scope for mark in "*?[") and scope not in known:
            near = difflib.get_close_matches(scope, known, 3)
            advice = f"Did you mean {', '.join(near)}?" if near else "`poise list scopes` shows those that there are."
            raise UsageError(f"There is no scope {scope!r}.", advice)
    there = kept(workspace.store)
    places = tuple(dict.fromkeys(scopes))
    new = Kept(there.texts, {**there.assigned, id: places})
    _keep(workspace, new, Deed(actor, "standard assigned", id, {"scopes": list(places)}))


def is_uploaded(workspace: Workspace, id: str) -> bool:
    """Whether a standard was uploaded."""
    return id in kept(workspace.store).texts


def _keep(workspace: Workspace, new: Kept, deed: Deed) -> None:
    before = kept(workspace.store)
    workspace.store.kept.put(KEPT, msgspec.json.encode(new), deed)
    files = tuple(standard for standard in workspace.standards.own if standard.id not in before.texts)
    assigned = {id: at for id, at in workspace.standards.assigned.items() if id not in before.assigned}
    workspace.standards = with_kept(workspace.store, Standards(files, assigned))
