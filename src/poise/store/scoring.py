"""What the store knows of checks: severity, score control, preview. Kept, so that a change is seen.

Roll-ups by score control depend on these facts. When they change (another version of Poise, another custom
check), every roll-up is counted again, once, by the process that opens the store first.
"""

from __future__ import annotations

import hashlib

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, update

from poise.model.errors import StoreError
from poise.model.judged import CheckFacts, Scoring
from poise.store import bulk, rollups, schema

SETTING = "scoring"
_decoder = msgspec.json.Decoder(dict[str, CheckFacts])


def finding_id(check: str, facts: CheckFacts | None, asset_id: str) -> str:
    """Return the id of a finding, as `poise.model.check.finding_id` does."""
    original = facts.formerly[0] if facts and facts.formerly else check
    return hashlib.sha256(f"{original}\n{asset_id}".encode()).hexdigest()[:20]


def stored(connection: Connection) -> dict[str, CheckFacts]:
    """Return the facts that the roll-ups were counted with."""
    query = select(schema.setting.c.value).where(schema.setting.c.name == SETTING)
    value = connection.execute(query).scalar_one_or_none()
    return _decoder.decode(value) if value else {}


def require(connection: Connection, scoring: Scoring) -> None:
    """Raise :class:`StoreError` if another process has changed the facts since the store was opened."""
    if stored(connection) != scoring:
        raise StoreError(
            "Another process has opened the store with other checks.",
            "Start this command again; use one version of Poise and one set of custom checks for one store.",
        )


def adopt(connection: Connection, scoring: Scoring, now: int) -> None:
    """Make the stored facts the given ones from now on, and count again what depends on them."""
    if stored(connection) == scoring:
        return
    _rename(connection, scoring)
    value = msgspec.json.encode(dict(scoring), order="sorted")
    _note(connection, value, now)
    bulk.put_rows(connection, schema.setting, [{"name": SETTING, "value": value}])
    _set_severities(connection, scoring)
    for table in (*rollups.ROLLUPS, schema.asset_summary):
        connection.execute(delete(table))
    keys = connection.execute(select(schema.asset.c.pk).where(schema.asset.c.gone_at.is_(None))).scalars().all()
    rollups.apply_effects(connection, rollups.Rules(connection, scoring), keys, None)


def _note(connection: Connection, value: bytes, now: int) -> None:
    """Keep from when to when facts held. Nothing is known of the time before the first ones: they count for it too."""
    table = schema.facts_version
    is_first = connection.execute(select(table.c.valid_from).limit(1)).first() is None
    connection.execute(update(table).where(table.c.valid_to.is_(None)).values(valid_to=now))
    row = {"valid_from": BEGINNING if is_first else now, "valid_to": None, "facts": value}
    bulk.put_rows(connection, table, [row])


BEGINNING = 0


def _rename(connection: Connection, scoring: Scoring) -> None:
    ids = set(connection.execute(select(schema.check.c.id)).scalars())
    for new, facts in scoring.items():
        old = next((id for id in reversed(facts.formerly) if id in ids), None)
        if old is not None and new not in ids:
            connection.execute(update(schema.check).where(schema.check.c.id == old).values(id=new))


def _set_severities(connection: Connection, scoring: Scoring) -> None:
    numbers = {row.id: row.pk for row in connection.execute(select(schema.check))}
    rows = [{"key": numbers[id], "rank": facts.severity.rank} for id, facts in scoring.items() if id in numbers]
    if rows:
        table = schema.finding
        change = update(table).where(table.c.check_pk == bindparam("key"), table.c.severity != bindparam("rank"))
        connection.execute(change.values(severity=bindparam("rank")), rows)
