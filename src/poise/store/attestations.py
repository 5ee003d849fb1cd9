"""Attestations of controls. One holds until it ends, is withdrawn, or a later one for the same scope replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import orjson
from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from poise.model.attestation import EVERYWHERE, Attestation, Evidence
from poise.model.listings import ScopeFilter
from poise.store import schema
from poise.store.among import among
from poise.store.codec import clean, from_moment, to_moment
from poise.store.core import Core

table = schema.attestation.c


class Attestations:
    """Writes and reads attestations. Rows are ended, never changed or removed."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def add(self, attestation: Attestation) -> None:
        """Keep an attestation; the one that it replaces ends. Noted in the audit log."""
        values = _values(attestation)
        with self._core.database.write() as connection:
            connection.execute(_ending(attestation.standard, attestation.control, attestation.scope, values["made_at"]))
            connection.execute(insert(schema.attestation).values(values))
            self._note(connection, "attest", attestation.by, attestation)

    def withdraw(self, standard: str, control: str, scope: str, by: str) -> bool:
        """End an attestation now; return whether there was one. Noted in the audit log."""
        now = self._core.database.now()
        with self._core.database.write() as connection:
            query = select(schema.attestation).where(*_same(standard, control, scope), table.until > now)
            row = connection.execute(query).first()
            connection.execute(_ending(standard, control, scope, now))
            if row is not None:
                self._note(connection, "withdraw attestation", by, _to_attestation(row))
            return row is not None

    def holding(self, viewer: ScopeFilter, at: datetime) -> Sequence[Attestation]:
        """Return the attestations that hold at a moment, for everywhere or for scopes that the viewer may see."""
        now = to_moment(at)
        began = and_(table.made_at <= now, table.until > now)
        goes_on: ColumnElement[bool] = or_(table.ended_at.is_(None), table.ended_at > now)
        query = select(schema.attestation).where(began, goes_on)
        if viewer is not None:
            query = query.where(or_(table.scope == EVERYWHERE, among(table.scope, sorted(viewer))))
        with self._core.database.read() as connection:
            return tuple(_to_attestation(row) for row in connection.execute(query.order_by(table.pk)))

    def _note(self, connection: Connection, action: str, by: str, attestation: Attestation) -> None:
        detail = msgspec.json.encode(attestation)
        values: dict[str, Any] = {"actor": clean(by), "action": action, "detail": detail}
        values |= {"target": clean(f"{attestation.standard} {attestation.control}"), "at": self._core.database.now()}
        connection.execute(insert(schema.audit).values(values))


def _same(standard: str, control: str, scope: str) -> tuple[ColumnElement[bool], ...]:
    same = (table.standard == clean(standard), table.control == clean(control), table.scope == clean(scope))
    return (*same, table.ended_at.is_(None))


def _ending(standard: str, control: str, scope: str, now: int) -> Any:
    return update(schema.attestation).where(*_same(standard, control, scope)).values(ended_at=now)


def _values(attestation: Attestation) -> dict[str, Any]:
    return {
        "standard": clean(attestation.standard),
        "control": clean(attestation.control),
        "scope": clean(attestation.scope),
        "is_met": int(attestation.is_met),
        "statement": clean(attestation.statement),
        "evidence": orjson.dumps([msgspec.to_builtins(each) for each in attestation.evidence]),
        "made_by": clean(attestation.by),
        "made_at": to_moment(attestation.made_at),
        "until": to_moment(attestation.until),
    }


def _to_attestation(row: Any) -> Attestation:
    return Attestation(
        standard=row.standard,
        control=row.control,
        scope=row.scope,
        is_met=bool(row.is_met),
        statement=row.statement,
        evidence=tuple(msgspec.convert(orjson.loads(row.evidence), list[Evidence])),
        by=row.made_by,
        made_at=from_moment(row.made_at),
        until=from_moment(row.until),
    )
