"""The API of scores by risk, of why a score changed, and of the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.app import changes, past, timeline
from poise.app.changes import Formula, ScoreChange, Span
from poise.app.cloud_scores import risk_score
from poise.app.parameters import groups_of, scopes_of
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter
from poise.score.cloud import CloudScore, Reading

router = APIRouter(tags=["history"])
AnAsked = Annotated[Asked, Depends(Asked)]
T = TypeVar("T")
WHERE = {"scope": "Account, subscription, project, or group:NAME", "group": "Name of a group of assets"}
MOMENTS = {"from": "A day, a time in ISO 8601, or 7d", "to": "The same; now if it is left out"}
CHECK = {"check": "Id of a check: all assets behind it, not the first ones of all"}
FORMULA = {"formula": "secure or risk"}


@router.get("/score/risk", **one("The risk-based score.", CloudScore, {**WHERE, "reading": "a or b"}))
def by_risk(asked: AnAsked) -> Response:
    """Show the risk-based score."""
    reading = asked.reading.word("reading")
    chosen = asked.reading.member("reading", Reading, Reading.IMPLIED) if reading else None
    return whole(asked, msgspec.to_builtins(risk_score(asked.workspace, _wanted(asked), chosen)))


@router.get("/score/change", **one("Why the score changed.", ScoreChange, {**WHERE, **MOMENTS, **FORMULA, **CHECK}))
def change(asked: AnAsked) -> Response:
    """Split the change of a score."""
    return whole(asked, msgspec.to_builtins(_refused(lambda: changes.score_change(asked.workspace, _span(asked)))))


@router.get("/difference", **one("What differs between two moments.", None, {**WHERE, **MOMENTS, **FORMULA}))
def difference(asked: AnAsked) -> Response:
    """Compare two moments."""
    return whole(asked, msgspec.to_builtins(_refused(lambda: past.difference(asked.workspace, _span(asked)))))


@router.get("/moments/{time}", **one("Score, verdicts and compliance of a moment.", None, WHERE))
def moment(time: str, asked: AnAsked) -> Response:
    """Show a moment of the past."""
    workspace = asked.workspace
    found = _refused(lambda: past.moment(workspace, changes.moment_of(time, workspace.clock()), _wanted(asked)))
    return whole(asked, msgspec.to_builtins(found))


@router.get(
    "/history", **many("What happened, the latest last.", {"id": "A finding or an asset", "days": "Days", **WHERE})
)
def history(asked: AnAsked) -> Response:
    """List what happened."""
    days = asked.reading.number("days", 90)
    found = _refused(lambda: timeline.of(asked.workspace, asked.reading.word("id"), days, _wanted(asked)))
    return listed(asked, [msgspec.to_builtins(event) for event in found], None, ("at", "kind", "says"))


def _wanted(asked: Asked) -> AssetFilter:
    return AssetFilter(scopes=scopes_of(asked.reading), groups=groups_of(asked.reading))


def _span(asked: Asked) -> Span:
    now = asked.workspace.clock()
    first = changes.moment_of(asked.reading.word("from") or "7d", now)
    then = changes.moment_of(asked.reading.word("to") or "now", now)
    return Span(
        first,
        then,
        _wanted(asked),
        asked.reading.member("formula", Formula, Formula.SECURE),
        asked.reading.word("check"),
    )


def _refused(ask: Callable[[], T]) -> T:
    """Ask; what makes no sense is told as an error of the request."""
    try:
        return ask()
    except UsageError as problem:
        raise RequestValidationError([{"loc": ("query",), "msg": problem.what}]) from problem
