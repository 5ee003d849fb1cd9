"""Who owns several findings together, as lists show it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Owned(msgspec.Struct, frozen=True):
    """The owners of some findings together."""

    owner: str
    """One of them; empty if nobody is known."""
    owners: int
    due: datetime | None
    """When the first is due."""
    overdue: int
