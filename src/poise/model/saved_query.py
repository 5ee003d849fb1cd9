"""Queries that people keep, and the ones that are watched: a saved query with a watch is a check."""

from __future__ import annotations

from datetime import datetime

import msgspec

from poise.model.query import Query
from poise.model.verdict import Severity


class Watch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a check of a saved query: the assets of its first block are unhealthy."""

    title: str
    """The wished state: "Exposed machines should not read payroll"."""
    severity: Severity = Severity.MEDIUM
    """How bad it is to be found."""
    risk: str = ""
    """What may happen."""
    fix: str = ""
    """What to do about it."""


class SavedQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query under a name."""

    name: str
    """Its name, as `poise query` takes it."""
    query: Query
    """The query."""
    by: str
    """Who saved it last."""
    changed_at: datetime
    """When, UTC."""
    title: str = ""
    """What it finds, in words."""
    is_shared: bool = False
    """Whether others see it too."""
    watch: Watch | None = None
    """What makes a check of it."""
