"""Grace periods: findings that leave the score alone until they are due. Their effect follows their assignments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select, update

from poise.model.finding import Effect
from poise.model.judged import EffectSpan
from poise.model.verdict import State
from poise.store import duties, schema
from poise.store.codec import from_moment, state_number
from poise.store.core import Core
from poise.store.effects import write_spans

SECOND = 1_000_000
"""A due date is the last second of a day; what it governs ends with that second."""
finding, assigned = schema.finding.c, duties.assignment.c
STATE = (
    finding.asset_pk,
    finding.check_pk,
    finding.scope_pk,
    finding.state,
    finding.risk,
    finding.effect,
    finding.effect_until,
    finding.changed_at,
    finding.resolved_at,
)
COUNTED = EffectSpan(Effect.COUNTED)


def settle(core: Core, connection: Connection, now: int) -> int:
    """Make effects and the mark of what is overdue agree with assignments; return how many findings changed.

    Only unhealthy findings are spared: what could not be read is never taken for better than it is. An exemption and
    a check that is switched off go before a grace period.
    """
    same = (finding.asset_pk == assigned.asset_pk) & (finding.check_pk == assigned.check_pk)
    joined = schema.finding.outerjoin(duties.assignment, same & (assigned.round == finding.reopened))
    holds = (assigned.is_grace == 1) & (assigned.due + SECOND > now) & (finding.state == state_number(State.UNHEALTHY))
    is_open = finding.resolved_at.is_(None)
    begin: Select[Any] = select(*STATE, assigned.due).select_from(joined).where(is_open, holds)
    begin = begin.where(
        or_(
            finding.effect == Effect.COUNTED.value,
            (finding.effect == Effect.GRACE.value) & (finding.effect_until != assigned.due + SECOND),
        )
    )
    over: Select[Any] = select(*STATE).select_from(joined).where(is_open, finding.effect == Effect.GRACE.value)
    over = over.where(or_(assigned.asset_pk.is_(None), ~holds, assigned.due.is_(None)))
    spans: list[tuple[Row[Any], EffectSpan]] = [
        (row, EffectSpan(Effect.GRACE, from_moment(row.due + SECOND))) for row in connection.execute(begin).all()
    ]
    spans += [(row, COUNTED) for row in connection.execute(over).all()]
    if spans:
        write_spans(core, connection, spans, now)
    late = update(duties.assignment).where(assigned.is_overdue == 0, assigned.due < now)
    connection.execute(late.values(is_overdue=1))
    return len(spans)


def is_unsettled(core: Core, now: int) -> bool:
    """Whether anything has become overdue that is not marked so."""
    query = select(assigned.asset_pk).where(assigned.is_overdue == 0, assigned.due < now).limit(1)
    with core.database.read() as connection:
        return bool(connection.execute(query).all())
