"""The API of decisions about single assets and checks: marks by hand, and checks that are switched off. Audited."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, HTTPException
from starlette.responses import Response

from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.api.writing import ACTOR, ending, require_own, sent
from poise.app import exemptions, marking
from poise.app.exemptions import Switch
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree

router = APIRouter(tags=["decisions"])
AnAsked = Annotated[Asked, Depends(Asked)]


class Marked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How critical an asset is, or how sensitive its data, and why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    degree: Degree = Degree.HIGH


class Off(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a check is switched off, until when and why."""

    scope: str | None = None
    """None for everywhere."""
    until: str | None = None
    """Last day on which it is off, such as 2027-06-30, or a moment; None for good."""
    reason: str
    """Why, for whoever reads it in a year."""


@router.get("/marks", **many("Assets that are marked by hand as critical or sensitive.", {}))
def list_marks(asked: AnAsked) -> Response:
    """List marks."""
    rows = [msgspec.to_builtins(one) for one in marking.marks(asked.workspace)]
    return listed(asked, rows, None, ("asset_id", "topic", "degree", "reason", "by", "at"))


@router.put("/marks/{topic}/{id:path}", **one("Mark an asset; the risks of its findings follow at once."))
def mark(topic: Topic, id: str, asked: AnAsked, body: Annotated[Marked, sent(Marked)]) -> Response:
    """Mark an asset."""
    wanted = Mark(asset_id=id, topic=topic, degree=body.degree.value, reason=body.reason, by=ACTOR)
    marking.mark(asked.workspace, wanted)
    return whole(asked, msgspec.to_builtins(wanted))


@router.delete("/marks/{topic}/{id:path}", **one("Take a mark away."))
def unmark(topic: Topic, id: str, asked: AnAsked) -> Response:
    """Take a mark away."""
    require_own(asked.request)
    if not marking.unmark(asked.workspace, id, topic, ACTOR):
        raise HTTPException(404)
    return whole(asked, {"asset_id": id, "topic": topic.value})


@router.put("/switches/{check}", **one("Switch a check off: none of its verdicts counts there."))
def disable(check: str, asked: AnAsked, body: Annotated[Off, sent(Off)]) -> Response:
    """Switch a check off."""
    wanted = Switch(check=check, scope=body.scope, until=ending(body.until), reason=body.reason)
    return whole(asked, {"check": exemptions.disable(asked.workspace, wanted, ACTOR), "scope": body.scope})


@router.delete("/switches/{check}", **one("Switch a check on again.", None, {"scope": "Where; everywhere if left out"}))
def enable(check: str, asked: AnAsked) -> Response:
    """Switch a check on again."""
    require_own(asked.request)
    scope = asked.reading.word("scope") or None
    return whole(asked, {"check": exemptions.enable(asked.workspace, Switch(check=check, scope=scope), ACTOR)})
