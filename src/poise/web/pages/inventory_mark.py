"""Marks an asset as critical, or its data as sensitive, from its page."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import marking
from poise.model.errors import PoiseError, UsageError
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()


@router.post("/marks")
def mark(visit: AVisit, fields: OwnFields) -> Response:
    """Give an asset a mark, or take it away."""
    try:
        _act(visit, fields)
    except PoiseError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(f"/inventory/{quote(fields['asset'])}", 303)


def _act(visit: Visit, fields: dict[str, str]) -> None:
    asset, topic, degree = fields.get("asset", ""), fields.get("topic", ""), fields.get("degree", "")
    if topic not in list(Topic) or degree not in ("", *Degree):
        raise UsageError("That is no mark.", "Choose what the asset is, and how much.")
    if not degree:
        marking.unmark(visit.workspace, asset, Topic(topic), PAGES)
        return
    reason = fields.get("reason", "").strip()
    marking.mark(visit.workspace, Mark(asset_id=asset, topic=Topic(topic), degree=degree, reason=reason, by=PAGES))
