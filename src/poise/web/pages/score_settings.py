"""Settings of the risk-based score, with what they would make of today's score before they are saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import cloud_scores
from poise.model.errors import UsageError
from poise.score.cloud import DEGREES, LEVELS, PUBLISHED, CloudRules, Reading, Weights
from poise.web.visit import AVisit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()


@router.get("/settings/score")
def settings(visit: AVisit) -> Response:
    """Show the settings, and the effect of those in the address."""
    rules, problem, preview = cloud_scores.rules_of(visit.workspace), "", None
    asked = {name: visit.address.first(name) for name in _names() if visit.address.first(name)}
    if asked:
        try:
            preview = cloud_scores.preview(visit.workspace, _tables(asked))
            rules = preview.rules
        except UsageError as wrong:
            problem = wrong.what
    return visit.page(
        "score_settings.html",
        rules=rules,
        bases=msgspec.structs.asdict(rules.used),
        weights=msgspec.structs.asdict(rules.weights),
        levels=LEVELS,
        degrees=DEGREES,
        readings=tuple(Reading),
        published={reading.value: msgspec.structs.asdict(bases) for reading, bases in PUBLISHED.items()},
        preview=preview,
        problem=problem,
        given=asked,
        is_fixed=visit.workspace.choices.cloud is not None,
        saved=visit.address.first("saved"),
    )


@router.post("/settings/score")
def save(visit: AVisit, fields: OwnFields) -> Response:
    """Save the settings that were previewed."""
    asked = {name: value for name, value in fields.items() if name in _names() and value}
    try:
        cloud_scores.save(visit.workspace, _tables(asked), PAGES)
    except UsageError as wrong:
        return visit.page("problem.html", 422, title="That cannot be saved", text=wrong.what, request_id="")
    return RedirectResponse("/settings/score?saved=yes", 303)


def _names() -> tuple[str, ...]:
    return ("reading", *(f"base_{level}" for level in LEVELS), *(f"weight_{degree}" for degree in DEGREES))


def _tables(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the tables of settings; bases that are those of the reading are left out."""
    rules = CloudRules(reading=Reading(asked["reading"])) if asked.get("reading") in list(Reading) else CloudRules()
    bases = {level: _number(asked[f"base_{level}"]) for level in LEVELS if f"base_{level}" in asked}
    weights = {degree: _number(asked[f"weight_{degree}"]) for degree in DEGREES if f"weight_{degree}" in asked}
    tables: dict[str, Any] = {"reading": asked.get("reading") or rules.reading.value}
    published = msgspec.structs.asdict(PUBLISHED[rules.reading])
    other = [msgspec.structs.asdict(one) for reading, one in PUBLISHED.items() if reading is not rules.reading]
    if bases and bases != published and bases not in other:
        tables["bases"] = bases
    if weights and weights != msgspec.structs.asdict(Weights()):
        tables["weights"] = weights
    return tables


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
