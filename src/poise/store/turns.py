"""How many findings came, went and came back since a moment."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import and_, case, func, select

from poise.model.listings import FindingFilter, ScopeFilter, Standing
from poise.store import filters
from poise.store.codec import to_moment
from poise.store.core import Core
from poise.store.rows import finding


class Turns(msgspec.Struct, frozen=True):
    """Findings by what happened to them."""

    new: int
    fixed: int
    reopened: int


def turns(core: Core, viewer: ScopeFilter, wanted: FindingFilter, since: datetime) -> Turns:
    """Return how many findings turned since a moment; a finding that came and went in that time is in neither."""
    start = to_moment(since)
    wanted = msgspec.structs.replace(wanted, standing=Standing.ANY)
    is_open = finding.resolved_at.is_(None)
    conditions = {
        "new": (is_open, finding.first_seen > start),
        "fixed": (finding.resolved_at > start, finding.first_seen <= start),
        "reopened": (is_open, finding.reopened > 0, finding.changed_at > start, finding.first_seen <= start),
    }
    with core.database.read() as connection:
        limits = filters.of_findings(connection, viewer, wanted)
        # Whatever turned has changed since: an index finds it without reading every finding.
        counts = [func.count(case((and_(*what), 1))).label(name) for name, what in conditions.items()]
        query = select(*counts).select_from(filters.tables_for(wanted)).where(finding.changed_at > start, *limits)
        return Turns(**connection.execute(query).one()._asdict())
