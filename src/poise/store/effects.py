"""Effects of findings: exemptions, grace periods and switched-off checks, as they act on roll-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select

from poise.model.errors import UsageError
from poise.model.exemption import SwitchRow
from poise.model.finding import Effect
from poise.model.judged import EffectSpan
from poise.store import bulk, rollups, schema
from poise.store.among import among
from poise.store.codec import maybe_moment, maybe_time
from poise.store.core import Core


class Effects:
    """Changes how findings act. Each change and its roll-ups are one transaction."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def set(self, effects: Mapping[str, EffectSpan]) -> None:
        """Give findings, by id, their effect. An id that is not there is left out.

        Findings of a check that is switched off stay disabled: set them again when it is enabled.
        """
        now = self._core.database.now()
        with self._core.write() as connection:
            query = select(schema.finding).order_by(schema.finding.c.asset_pk, schema.finding.c.check_pk)
            rows = list(bulk.in_chunks(connection, query, schema.finding.c.id, effects))
            _lock_scopes(connection, {row.scope_pk for row in rows})
            write_spans(self._core, connection, [(row, effects[row.id]) for row in rows], now)

    def disable(self, check: str, scope: str | None = None, until: datetime | None = None) -> None:
        """Switch a check off in a scope, or everywhere: none of its verdicts counts until it is enabled."""
        self.switch_off(SwitchRow(check, scope, until))

    def switch_off(self, wanted: SwitchRow) -> None:
        """Switch a check off as :meth:`disable` does, and keep why and by whom."""
        now = self._core.database.now()
        key = self._core.names.checks((wanted.check,))[wanted.check]
        said = {"until": maybe_moment(wanted.until), "reason": wanted.reason, "switched_by": wanted.by}
        with self._core.write() as connection:
            for number in _scope_numbers(connection, wanted.scope):
                row = {"check_pk": key, "scope_pk": number, "since": now} | said
                since = _off_since(connection, key, number)
                bulk.put_rows(connection, schema.switch, [row if since is None else row | {"since": since}])
                self._turn(connection, key, number, now)

    def enable(self, check: str, scope: str | None = None) -> None:
        """Switch a check on again that :meth:`disable` has switched off with the same scope."""
        now = self._core.database.now()
        key = self._core.names.checks((check,))[check]
        with self._core.write() as connection:
            for number in _scope_numbers(connection, scope):
                self._enable(connection, key, number, now)

    def catch_up(self, now: datetime | None = None) -> int:
        """End what has ended by now; return how much: assets counted again, and checks switched on. Call it first."""
        moment = self._core.database.now() if now is None else maybe_moment(now)
        assert moment is not None
        finding, switch = schema.finding.c, schema.switch.c
        ended = select(finding.asset_pk).where(finding.effect_until <= moment).distinct()
        over = select(switch.check_pk, switch.scope_pk).where(switch.until <= moment)
        with self._core.database.read() as connection:
            if not connection.execute(ended.limit(1)).all() and not connection.execute(over).all():
                return 0
        with self._core.write() as connection:
            switches = connection.execute(over).all()
            for check, scope in switches:
                self._enable(connection, check, scope, moment)
            keys = connection.execute(ended).scalars().all()
            self._core.apply_effects(connection, keys, moment)
        return len(keys) + len(switches)

    def switches(self) -> tuple[SwitchRow, ...]:
        """Return the checks that are switched off, by check and scope."""
        switch, scope, check = schema.switch.c, schema.scope.c, schema.check.c
        query = select(check.id, scope.id.label("scope"), switch.until, switch.reason, switch.switched_by)
        query = query.join_from(schema.switch, schema.check, check.pk == switch.check_pk)
        query = query.outerjoin(schema.scope, scope.pk == switch.scope_pk).distinct()
        with self._core.database.read() as connection:
            found = connection.execute(query).all()
        rows = [SwitchRow(row.id, row.scope, maybe_time(row.until), row.reason, row.switched_by) for row in found]
        return tuple(sorted(rows, key=lambda row: (row.check, row.scope or "")))

    def _enable(self, connection: Connection, check: int, scope: int, now: int) -> None:
        table = schema.switch
        since = _off_since(connection, check, scope)
        if since is not None and since < now:
            version = {"check_pk": check, "scope_pk": scope, "valid_from": since, "valid_to": now}
            bulk.put_rows(connection, schema.switch_version, [version])
        connection.execute(delete(table).where(table.c.check_pk == check, table.c.scope_pk == scope))
        self._turn(connection, check, scope, now)

    def _turn(self, connection: Connection, check: int, scope: int, now: int) -> None:
        """Make findings and roll-ups agree with the switches of a check."""
        rules = rollups.Rules(connection, {})
        finding = schema.finding.c
        here = _in_scope(finding.scope_pk, scope)
        rows = connection.execute(select(schema.finding).where(finding.check_pk == check, *here)).all()
        off = [r for r in rows if rules.is_off(r.scope_pk, check) and r.effect != Effect.DISABLED]
        on = [r for r in rows if not rules.is_off(r.scope_pk, check) and r.effect == Effect.DISABLED]
        changes = [(row, Effect.DISABLED, None) for row in off]
        rollups.set_effect(connection, changes + [(row, Effect.COUNTED, None) for row in on], now)
        asset = schema.asset.c
        keys = select(asset.pk).where(asset.gone_at.is_(None), *_in_scope(asset.scope_pk, scope))
        self._core.apply_effects(connection, connection.execute(keys).scalars().all(), now)


def write_spans(core: Core, connection: Connection, spans: Sequence[tuple[Row[Any], EffectSpan]], now: int) -> None:
    """Write effects to rows of findings and count their assets again; findings of checks that are off keep theirs."""
    rules = rollups.Rules(connection, {})
    kept = [(row, span) for row, span in spans if not rules.is_off(row.scope_pk, row.check_pk)]
    rollups.set_effect(connection, [(row, span.effect, maybe_moment(span.until)) for row, span in kept], now)
    core.apply_effects(connection, {row.asset_pk for row, _ in kept}, now)


def _off_since(connection: Connection, check: int, scope: int) -> int | None:
    switch = schema.switch.c
    query = select(switch.since).where(switch.check_pk == check, switch.scope_pk == scope)
    return connection.execute(query).scalar()


def _in_scope(column: ColumnElement[int], scope: int) -> Iterable[ColumnElement[bool]]:
    return () if scope == rollups.EVERYWHERE else (column == scope,)


def _scope_numbers(connection: Connection, scope: str | None) -> list[int]:
    if scope is None:
        return [rollups.EVERYWHERE]
    found = connection.execute(select(schema.scope.c.pk).where(schema.scope.c.id == scope)).scalars().all()
    if not found:
        raise UsageError(f"There is no scope {scope!r} in the store.", "`poise list assets` shows the scopes.")
    return list(found)


def _lock_scopes(connection: Connection, scopes: Iterable[int]) -> None:
    query = select(schema.scope.c.pk).where(among(schema.scope.c.pk, sorted(scopes))).order_by(schema.scope.c.pk)
    connection.execute(bulk.locked(connection, query)).all()
