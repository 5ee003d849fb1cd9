"""Remembers that the second pass over a scope was done, so that an unchanged scope is not even loaded again.

What is kept is a digest of the scope's assets, of the verdicts that the pass gave them, and of whatever else decided
them. If any of these is another one, or time may have changed a verdict, the pass is run.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, select

from poise.model.judged import ScopePass
from poise.store import bulk, schema
from poise.store.core import Core
from poise.store.verdicts import PHASE_NUMBER


class Stamp(msgspec.Struct, frozen=True):
    """What is kept of a pass."""

    digest: bytes
    next_change_at: int | None


class Standing:
    """Says whether the verdicts of a pass still stand."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def holds(self, scope_pass: ScopePass, decided: bytes) -> bool:
        """Whether nothing has changed since :meth:`record`. ``decided`` digests what is not in the store."""
        with self._core.database.read() as connection:
            query = select(schema.setting.c.value).where(schema.setting.c.name == _name(scope_pass))
            row = connection.execute(query).first()
            if row is None:
                return False
            stamp = msgspec.msgpack.decode(row.value, type=Stamp)
            due = stamp.next_change_at is not None and stamp.next_change_at <= self._core.database.now()
            return not due and stamp.digest == _digest(connection, scope_pass, decided)

    def record(self, scope_pass: ScopePass, decided: bytes) -> None:
        """Keep that the pass was run and its verdicts are written."""
        with self._core.database.write() as connection:
            stamp = Stamp(_digest(connection, scope_pass, decided), _next_change(connection, scope_pass))
            value = msgspec.msgpack.encode(stamp)
            bulk.put_rows(connection, schema.setting, [{"name": _name(scope_pass), "value": value}])


def _name(scope_pass: ScopePass) -> str:
    return f"standing/{scope_pass.phase}/{scope_pass.source}/{scope_pass.scope}"


def _digest(connection: Connection, scope_pass: ScopePass, decided: bytes) -> bytes:
    asset, verdict = schema.asset.c, schema.verdict.c
    given = and_(verdict.asset_pk == asset.pk, verdict.phase == PHASE_NUMBER[scope_pass.phase])
    query = select(asset.uid, asset.content_hash, verdict.key)
    query = query.select_from(schema.asset.outerjoin(schema.verdict, given)).order_by(asset.pk)
    query = query.where(asset.gone_at.is_(None), asset.scope_pk.in_(_scopes(scope_pass)))
    digest = hashlib.sha256(decided)
    for uid, content, key in connection.execute(query):
        digest.update(hashlib.sha256(uid.encode()).digest() + content + (key or b""))
    return digest.digest()


def _next_change(connection: Connection, scope_pass: ScopePass) -> int | None:
    asset, verdict = schema.asset.c, schema.verdict.c
    query = select(verdict.next_change_at).join_from(schema.verdict, schema.asset, asset.pk == verdict.asset_pk)
    query = query.where(asset.scope_pk.in_(_scopes(scope_pass)), asset.gone_at.is_(None))
    query = query.where(verdict.phase == PHASE_NUMBER[scope_pass.phase], verdict.next_change_at.is_not(None))
    found = connection.execute(query.order_by(verdict.next_change_at).limit(1)).scalar()
    return None if found is None else int(found)


def _scopes(scope_pass: ScopePass) -> Select[Any]:
    scope = schema.scope.c
    return select(scope.pk).where(scope.source == scope_pass.source, scope.id == scope_pass.scope)
