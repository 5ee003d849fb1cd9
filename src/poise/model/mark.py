"""A mark that a person gives an asset: how critical it is, or how sensitive its data."""

from __future__ import annotations

import enum
from datetime import UTC, datetime

import msgspec


class Topic(enum.StrEnum):
    """What a mark is about."""

    CRITICALITY = "criticality"
    SENSITIVITY = "sensitivity"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of an asset."""

    asset_id: str
    topic: Topic
    degree: str
    """low, medium or high."""
    reason: str
    by: str
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """When it was given; set when it is kept."""
