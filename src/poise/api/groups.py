"""The API of groups of assets: list, look at, set and remove them. Writes are audited."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.api.writing import ACTOR, require_own, sent
from poise.app import groups
from poise.model.group import Group, GroupKind, Wanted

router = APIRouter(tags=["groups"])
AnAsked = Annotated[Asked, Depends(Asked)]


class GroupSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a group stands for, and which assets it holds."""

    kind: GroupKind = GroupKind.APPLICATION
    wanted: Wanted


@router.get("/groups", **many("Groups of assets.", {}))
def list_groups(asked: AnAsked) -> Response:
    """List groups."""
    rows = [msgspec.to_builtins(row) for row in groups.groups(asked.workspace)]
    return listed(asked, rows, None, ("group.name", "group.kind", "assets", "possible", "gap", "filled_at"))


@router.post("/groups/preview", **one("What a group would hold. Nothing is changed."))
def preview(asked: AnAsked, body: Annotated[GroupSet, sent(GroupSet)]) -> Response:
    """Look at a group before it is set."""
    group = _group("preview", body)
    return whole(asked, msgspec.to_builtins(groups.preview(asked.workspace, group)))


@router.put("/groups/{name}", **one("Add a group, or change the one of that name; its assets are found at once."))
def set_group(name: str, asked: AnAsked, body: Annotated[GroupSet, sent(GroupSet)]) -> Response:
    """Set a group."""
    group = _group(name, body)
    return whole(asked, msgspec.to_builtins(groups.put(asked.workspace, group)))


@router.delete("/groups/{name}", **one("Remove a group; its assets stay."))
def remove_group(name: str, asked: AnAsked) -> Response:
    """Remove a group."""
    require_own(asked.request)
    found = asked.find(groups.group_named, name)
    groups.remove(asked.workspace, name, ACTOR)
    return whole(asked, msgspec.to_builtins(found))


def _group(name: str, body: GroupSet) -> Group:
    return Group(name=name, kind=body.kind, wanted=body.wanted, changed_by=ACTOR)
