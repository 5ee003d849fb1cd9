"""Writes findings: a row for each unhealthy or unknown verdict, kept after it was fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, select

from poise.model.finding import Effect, Risk, RiskFactor
from poise.model.judged import EffectSpan, Judged
from poise.model.verdict import Severity, State
from poise.store import bulk, rollups, schema
from poise.store.codec import (
    SEVERITIES,
    Packed,
    PackedRow,
    clean,
    maybe_moment,
    maybe_time,
    press,
    read_pairs,
    state_number,
    unpress,
)
from poise.store.core import Core
from poise.store.scoring import finding_id

if TYPE_CHECKING:
    from poise.store.verdicts import Place

EXCEPTIONS = frozenset({state_number(State.UNHEALTHY), state_number(State.UNKNOWN)})
COLUMNS = (
    "asset_pk",
    "check_pk",
    "id",
    "scope_pk",
    "kind_pk",
    "state",
    "severity",
    "risk",
    "reason",
    "detail",
    "effect",
    "effect_until",
    "first_seen",
    "changed_at",
    "resolved_at",
    "reopened",
)


class Ruling(NamedTuple):
    """What was judged of an asset in one phase, and the states that were stored before."""

    place: Place
    packed: Sequence[PackedRow]
    before: bytes | None
    is_fresh: bool

    def exceptions(self) -> dict[int, Packed]:
        """Return check number -> verdict, for those that make a finding."""
        return {row[0]: Packed(*row) for row in self.packed if row[1] in EXCEPTIONS}

    def old_exceptions(self) -> set[int]:
        """Return the checks that made a finding before."""
        return {check for check, state in read_pairs(self.before or b"") if state in EXCEPTIONS}


class Exceptions:
    """Writes the findings of rulings inside a transaction."""

    def __init__(self, core: Core, connection: Connection, now: int) -> None:
        self._connection = connection
        self._now = now
        self._scoring = core.scoring
        self._ids = {number: id for id, number in core.names.checks(()).items()}
        self._rules = rollups.Rules(connection, {})

    def write(self, rulings: Sequence[Ruling]) -> None:
        """Insert, change, reopen and resolve findings."""
        concerned = [(r, r.exceptions(), r.old_exceptions()) for r in rulings]
        concerned = [c for c in concerned if c[1] or c[2]]
        rows = self._rows([r.place.asset_pk for r, _, _ in concerned if not r.is_fresh])
        inserts: list[tuple[Any, ...]] = []
        changes: list[tuple[Row[Any], dict[str, Any]]] = []
        fixed: list[Row[Any]] = []
        for ruling, new, old in concerned:
            for check, packed in new.items():
                row = rows.get((ruling.place.asset_pk, check))
                values = self._values(ruling.place, packed, row)
                if row is None:
                    inserts.append(values)
                elif values != tuple(row):
                    changes.append((row, dict(zip(COLUMNS, values, strict=True))))
            keys = ((ruling.place.asset_pk, check) for check in old - new.keys())
            fixed += [rows[key] for key in keys if key in rows and rows[key].resolved_at is None]
        bulk.insert_rows(self._connection, schema.finding, COLUMNS, inserts)
        self._change(changes)
        self.resolve(self._connection, fixed, self._now)

    def set_risks(self, places: Sequence[Place]) -> None:
        """Give open findings the risks that were judged; what else they say stays."""
        table = schema.finding
        risks = {place.asset_pk: place.judged.risks for place in places if place.judged.risks}
        query = select(table).where(table.c.resolved_at.is_(None))
        ids = {row.pk: row.id for row in self._connection.execute(select(schema.check))}
        versions, changes = [], []
        for row in bulk.in_chunks(self._connection, query, table.c.asset_pk, sorted(risks)):
            risk = risks[row.asset_pk].get(ids[row.check_pk])
            if risk is None or risk == _kept_risk(row):
                continue
            is_other = risk.level.rank != row.risk
            versions += [rollups.finding_version(row, self._now)] if is_other else []
            changes.append(
                {
                    "asset_pk": row.asset_pk,
                    "check_pk": row.check_pk,
                    "risk": risk.level.rank,
                    "detail": write_detail(read_detail(row.detail)[0], risk),
                    "changed_at": self._now if is_other else row.changed_at,
                }
            )
        rollups.write_finding_versions(self._connection, versions)
        bulk.update_rows(self._connection, table, ("asset_pk", "check_pk"), changes)

    @staticmethod
    def resolve(connection: Connection, rows: Sequence[Row[Any]], now: int) -> None:
        """Write that findings are fixed."""
        rollups.write_finding_versions(connection, [rollups.finding_version(row, now) for row in rows])
        keys = ("asset_pk", "check_pk")
        values = [{"asset_pk": r.asset_pk, "check_pk": r.check_pk, "resolved_at": now, "changed_at": now} for r in rows]
        bulk.update_rows(connection, schema.finding, keys, values)

    def _rows(self, assets: Sequence[int]) -> dict[tuple[int, int], Row[Any]]:
        table = schema.finding
        rows = bulk.in_chunks(self._connection, select(table), table.c.asset_pk, assets)
        return {(row.asset_pk, row.check_pk): row for row in rows}

    def _change(self, changes: Sequence[tuple[Row[Any], dict[str, Any]]]) -> None:
        ended = [row for row, new in changes if row.resolved_at is None and _history(row) != _new_history(new)]
        rollups.write_finding_versions(self._connection, [rollups.finding_version(row, self._now) for row in ended])
        keys = ("asset_pk", "check_pk")
        bulk.update_rows(self._connection, schema.finding, keys, [values for _, values in changes])

    def _values(self, place: Place, packed: Packed, row: Row[Any] | None) -> tuple[Any, ...]:
        check = self._ids[packed.check]
        facts = self._scoring.get(check)
        severity = facts.severity if facts else Severity.MEDIUM
        risk = place.judged.risks.get(check) or (Risk(severity) if row is None else _kept_risk(row))
        span = self._effect(place, packed.check, check, row)
        effect, until = span.effect.value, maybe_moment(span.until)
        reopened = row is not None and row.resolved_at is not None
        same = row is not None and not reopened and _history(row) == (packed.state, effect, risk.level.rank)
        return (
            place.asset_pk,
            packed.check,
            finding_id(check, facts, place.judged.asset_id) if row is None else row.id,
            place.scope_pk,
            place.kind_pk,
            packed.state,
            severity.rank,
            risk.level.rank,
            clean(packed.reason),
            write_detail(packed.seen, risk),
            effect,
            until,
            self._now if row is None else row.first_seen,
            row.changed_at if row is not None and same else self._now,
            None,
            0 if row is None else row.reopened + reopened,
        )

    def _effect(self, place: Place, number: int, check: str, row: Row[Any] | None) -> EffectSpan:
        if self._rules.is_off(place.scope_pk, number):
            return EffectSpan(Effect.DISABLED)
        judged: Judged = place.judged
        if check in judged.effects:
            return judged.effects[check]
        return EffectSpan(Effect.COUNTED) if row is None else _kept_effect(row)


def _kept_effect(row: Row[Any]) -> EffectSpan:
    effect = Effect(row.effect)
    return EffectSpan(Effect.COUNTED) if effect is Effect.DISABLED else EffectSpan(effect, maybe_time(row.effect_until))


def _kept_risk(row: Row[Any]) -> Risk:
    return Risk(SEVERITIES[row.risk], read_detail(row.detail)[1])


def _history(row: Row[Any]) -> tuple[int, str, int]:
    return row.state, row.effect, row.risk


def _new_history(values: dict[str, Any]) -> tuple[int, str, int]:
    return values["state"], values["effect"], values["risk"]


def write_detail(seen: Any, risk: Risk) -> bytes:
    """Return evidence and risk factors as one blob."""
    return press(msgspec.msgpack.encode((seen, risk.factors)))


def read_detail(blob: bytes) -> tuple[Any, tuple[RiskFactor, ...]]:
    """Return evidence and risk factors of :func:`write_detail`."""
    return _detail.decode(unpress(blob))


_detail = msgspec.msgpack.Decoder(tuple[Any, tuple[RiskFactor, ...]])
