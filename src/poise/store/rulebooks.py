"""What was known of checks at a moment: their facts, and where they were switched off."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, or_, select

from poise.model.judged import CheckFacts
from poise.model.moments import Rulebook, ScopeKey
from poise.store import schema
from poise.store.rollups import EVERYWHERE

facts, switch, past = schema.facts_version.c, schema.switch.c, schema.switch_version.c
_decoder = msgspec.json.Decoder(dict[str, CheckFacts])


def check_names(connection: Connection) -> dict[int, str]:
    """Return number -> present id of every check."""
    return {row.pk: row.id for row in connection.execute(select(schema.check))}


def rulebook(connection: Connection, names: Mapping[int, str], moment: int) -> Rulebook:
    """Return what was known of checks at a moment; they are named as they are now."""
    query = select(facts.facts).where(facts.valid_from <= moment)
    query = query.where(or_(facts.valid_to.is_(None), facts.valid_to > moment)).order_by(facts.valid_from.desc())
    value = connection.execute(query.limit(1)).scalar()
    known = _decoder.decode(value) if value else {}
    newest = _newest(connection)
    return Rulebook({newest.get(id, id): one for id, one in known.items()}, _off(connection, names, moment))


def switched(connection: Connection, moment: int) -> set[int]:
    """Return the checks that are switched off now, or were at or after a moment."""
    found = set(connection.execute(select(switch.check_pk)).scalars())
    return found | set(connection.execute(select(past.check_pk).where(past.valid_to > moment)).scalars())


def _newest(connection: Connection) -> dict[str, str]:
    value = connection.execute(select(facts.facts).where(facts.valid_to.is_(None))).scalar()
    known = _decoder.decode(value) if value else {}
    return {former: id for id, one in known.items() for former in one.formerly}


def _off(connection: Connection, names: Mapping[int, str], moment: int) -> frozenset[tuple[str, ScopeKey | None]]:
    scopes: dict[int, ScopeKey | None] = {EVERYWHERE: None}
    scopes |= {r.pk: (r.source, r.provider, r.id) for r in connection.execute(select(schema.scope))}
    present = select(switch.check_pk, switch.scope_pk).where(switch.since <= moment)
    before = select(past.check_pk, past.scope_pk).where(past.valid_from <= moment, past.valid_to > moment)
    rows = [*connection.execute(present), *connection.execute(before)]
    return frozenset((names[row.check_pk], scopes[row.scope_pk]) for row in rows if row.scope_pk in scopes)
