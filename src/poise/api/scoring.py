"""The API of how the risk-based score and risk levels are computed, looked at before it is saved or set.

Writes are audited. Rules of risk are set in the settings file alone.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from poise.api.answers import Asked, whole
from poise.api.description import one
from poise.api.writing import ACTOR, sent
from poise.app import cloud_scores, risk_preview

SCORE, RISK = "/score/settings", "/risk/settings"
router = APIRouter(tags=["history"])
AnAsked = Annotated[Asked, Depends(Asked)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How the risk-based score is computed; what is left out is as published."""

    reading: str = ""
    bases: dict[str, Any] = {}
    weights: dict[str, Any] = {}


class RiskTables(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Tables of `[risk]`; what is left out stays as it is set."""

    levels: dict[str, Any] = {}
    points: dict[str, Any] = {}
    sensitivity: dict[str, Any] = {}
    criticality: dict[str, Any] = {}


@router.get(SCORE, **one("How the risk-based score is computed, and whether the settings file says so."))
def settings(asked: AnAsked) -> Response:
    """Show the settings."""
    return whole(asked, msgspec.to_builtins(cloud_scores.in_force(asked.workspace)))


@router.post(f"{SCORE}/preview", **one("What today's score would be with other settings. Nothing is changed."))
def preview(asked: AnAsked, body: Annotated[Settings, sent(Settings)]) -> Response:
    """Look at settings before they are saved."""
    return whole(asked, msgspec.to_builtins(cloud_scores.preview(asked.workspace, msgspec.to_builtins(body))))


@router.put(SCORE, **one("Save how the risk-based score is computed; what is left out is as published."))
def save(asked: AnAsked, body: Annotated[Settings, sent(Settings)]) -> Response:
    """Save settings."""
    return whole(asked, msgspec.to_builtins(cloud_scores.save(asked.workspace, msgspec.to_builtins(body), ACTOR)))


@router.get(RISK, **one("The points, thresholds and marks that risk levels are computed with."))
def risk_settings(asked: AnAsked) -> Response:
    """Show the rules of risk."""
    return whole(asked, msgspec.to_builtins(asked.workspace.choices.risk))


@router.post(f"{RISK}/preview", **one("What other rules would make of the risks of today's findings."))
def risk_preview_of(asked: AnAsked, body: Annotated[RiskTables, sent(RiskTables)]) -> Response:
    """Look at rules of risk before they are set in the settings file."""
    rules = risk_preview.rules_with(asked.workspace, msgspec.to_builtins(body), "body")
    return whole(asked, msgspec.to_builtins(risk_preview.preview(asked.workspace, rules)))
