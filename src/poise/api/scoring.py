"""The API of how the risk-based score is computed, looked at before it is saved. Writes are audited."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from poise.api.answers import Asked, whole
from poise.api.description import one
from poise.api.writing import ACTOR, sent
from poise.app import cloud_scores

router = APIRouter(prefix="/score/settings", tags=["history"])
AnAsked = Annotated[Asked, Depends(Asked)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How the risk-based score is computed; what is left out is as published."""

    reading: str = ""
    bases: dict[str, Any] = {}
    weights: dict[str, Any] = {}


@router.get("", **one("How the risk-based score is computed, and whether the settings file says so."))
def settings(asked: AnAsked) -> Response:
    """Show the settings."""
    return whole(asked, msgspec.to_builtins(cloud_scores.in_force(asked.workspace)))


@router.post("/preview", **one("What today's score would be with other settings. Nothing is changed."))
def preview(asked: AnAsked, body: Annotated[Settings, sent(Settings)]) -> Response:
    """Look at settings before they are saved."""
    return whole(asked, msgspec.to_builtins(cloud_scores.preview(asked.workspace, msgspec.to_builtins(body))))


@router.put("", **one("Save how the risk-based score is computed; what is left out is as published."))
def save(asked: AnAsked, body: Annotated[Settings, sent(Settings)]) -> Response:
    """Save settings."""
    return whole(asked, msgspec.to_builtins(cloud_scores.save(asked.workspace, msgspec.to_builtins(body), ACTOR)))
