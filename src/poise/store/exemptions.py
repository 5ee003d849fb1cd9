"""Exemptions as stored: which there are, which findings each covers, and their effect on these.

What a finding is exempted by is a row of `exempted`; its effect is written by :mod:`poise.store.effects` alone. So
:meth:`Exemptions.apply` may be called at any time, twice too: it makes both agree with the exemptions that hold now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, false, func, insert, or_, select, update

from poise.model.exemption import Covers, Exemption, ExemptionRow, Kind
from poise.model.finding import Effect
from poise.model.judged import EffectSpan
from poise.model.listings import AssetFilter, FindingRow, ScopeFilter
from poise.model.verdict import State
from poise.store import audit, bulk, grace, schema
from poise.store.among import among
from poise.store.audit import Deed
from poise.store.codec import clean, from_moment, maybe_moment, state_number, tag_text, to_moment
from poise.store.core import Core, lock_all_scopes
from poise.store.effects import write_spans
from poise.store.exempt_vulnerabilities import Key, Shares, named, split
from poise.store.filters import in_groups
from poise.store.rows import (
    ASSET_COLUMNS,
    FINDING_COLUMNS,
    asset,
    check,
    finding,
    finding_tables,
    scope,
    to_finding,
)
from poise.store.seeing import visible

CheckIds = Mapping[str, Collection[str] | None]
"""Name of an exemption -> ids of the checks that it is about; None for all."""
link, stored = schema.exempted.c, schema.exemption.c
COUNTED = EffectSpan(Effect.COUNTED)
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


class Change(NamedTuple):
    """What is to become of the exemptions, and who wants it."""

    added: Sequence[Exemption]
    removed: Sequence[str]
    """Names. One that is in both is replaced."""
    actor: str


class Exemptions:
    """Reads, changes and applies exemptions."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def present(self) -> tuple[ExemptionRow, ...]:
        """Return the exemptions that are there, ended ones too, by name, with the open findings of each."""
        is_open = finding.resolved_at.is_(None) & finding.effect.in_([kind.effect.value for kind in Kind])
        count = select(link.exemption_pk, func.count().label("covered"))
        count = count.join_from(
            schema.exempted, schema.finding, (finding.asset_pk == link.asset_pk) & (finding.check_pk == link.check_pk)
        )
        with self._core.database.read() as connection:
            query = count.where(is_open).group_by(link.exemption_pk)
            counts = {row.exemption_pk: int(row.covered) for row in connection.execute(query)}
            return tuple(ExemptionRow(_exemption(row), counts.get(row.pk, 0)) for row in _rows(connection))

    def change(self, change: Change, checks: CheckIds) -> None:
        """Add and remove exemptions, note who did it, and apply what holds then: one transaction."""
        now = self._core.database.now()
        with self._core.write() as connection:
            lock_all_scopes(connection)
            for name in change.removed:
                _remove(connection, name, now)
                audit.note(connection, Deed(change.actor, "exemption removed", name), now)
            for exemption in change.added:
                _add(connection, exemption, change.actor, now)
                audit.note(connection, Deed(change.actor, "exemption added", exemption.name, _detail(exemption)), now)
            self._apply(connection, checks, now)

    def apply(self, checks: CheckIds) -> int:
        """Make findings and their exemptions agree; return how many findings changed."""
        with self._core.database.read() as connection:
            if not _rows(connection) and not connection.execute(select(link.asset_pk).limit(1)).all():
                return 0
        with self._core.write() as connection:
            lock_all_scopes(connection)
            return self._apply(connection, checks, self._core.database.now())

    def has_ended(self) -> bool:
        """Whether a finding still names an exemption that does not hold any more."""
        now = self._core.database.now()
        query = select(link.asset_pk).join_from(schema.exempted, schema.exemption, stored.pk == link.exemption_pk)
        query = query.where(or_(stored.until <= now, stored.removed_at.is_not(None))).limit(1)
        with self._core.database.read() as connection:
            return bool(connection.execute(query).all())

    def checks_held(self, name: str) -> frozenset[str]:
        """Return the checks of the findings that an exemption covers now."""
        query = select(check.id).distinct().join_from(schema.exempted, schema.check, check.pk == link.check_pk)
        query = query.join(schema.exemption, stored.pk == link.exemption_pk)
        query = query.where(stored.name == clean(name), stored.removed_at.is_(None))
        with self._core.database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def taken(self, id: str, exemption: Exemption, checks: Collection[str] | None) -> Sequence[str]:
        """Return the ids of the vulnerabilities that an exemption takes from a finding."""
        with self._core.database.read() as connection:
            rows = connection.execute(_states(connection, exemption, checks).where(finding.id == id)).all()
            return named(rows[0], exemption) if rows else ()

    def partly(self, viewer: ScopeFilter, exemption: Exemption, checks: Collection[str] | None) -> int:
        """Return of how many open findings an exemption would take some vulnerabilities, and leave others."""
        if not exemption.covers.is_about_vulnerabilities:
            return 0
        with self._core.database.read() as connection:
            return split(_seen(connection, viewer, exemption, checks), exemption)[1]

    def covered(
        self, viewer: ScopeFilter, exemption: Exemption, checks: Collection[str] | None, limit: int
    ) -> tuple[int, tuple[FindingRow, ...]]:
        """Return how many open findings an exemption would cover, and the first of them, worst first."""
        with self._core.database.read() as connection:
            meant = [*_covered(connection, exemption, checks), finding.resolved_at.is_(None)]
            meant += visible(finding.scope_pk, viewer, finding.asset_pk)
            if exemption.covers.is_about_vulnerabilities:
                meant += [_is_one_of(split(_seen(connection, viewer, exemption, checks), exemption)[0])]
            count = connection.execute(select(func.count()).select_from(finding_tables()).where(*meant)).scalar_one()
            query = select(*FINDING_COLUMNS, *ASSET_COLUMNS).select_from(finding_tables()).where(*meant)
            query = query.order_by(finding.risk.desc(), finding.asset_pk, finding.check_pk).limit(limit)
            return int(count), tuple(to_finding(row) for row in connection.execute(query))

    def _apply(self, connection: Connection, checks: CheckIds, now: int) -> int:
        links = {(r.asset_pk, r.check_pk): r.exemption_pk for r in connection.execute(select(schema.exempted))}
        wanted: dict[Key, tuple[Row[Any], int, EffectSpan]] = {}
        shares = Shares()
        for row in sorted(_rows(connection), key=lambda r: _exemption(r).precedence):
            exemption = _exemption(row)
            if row.until <= now:
                continue
            span = EffectSpan(exemption.kind.effect, exemption.until)
            for one in connection.execute(_states(connection, exemption, checks.get(exemption.name))):
                held = shares.add(one, exemption) if exemption.covers.is_about_vulnerabilities else span
                if held is not None:
                    wanted[one.asset_pk, one.check_pk] = (one, row.pk, held)
        over = [key for key in links if key not in wanted]
        spans = [(row, COUNTED) for row in _findings(connection, over) if row.effect in EXEMPT]
        spans += [(row, span) for row, _, span in wanted.values() if not _holds(row, span)]
        write_spans(self._core, connection, spans, now)
        _unlink(connection, over)
        news = [key for key, (_, number, _) in wanted.items() if links.get(key) != number]
        rows = [{"asset_pk": key[0], "check_pk": key[1], "exemption_pk": wanted[key][1]} for key in news]
        bulk.put_rows(connection, schema.exempted, rows)
        grace.settle(self._core, connection, now)
        return len(spans)


EXEMPT = frozenset(kind.effect for kind in Kind)


def _holds(row: Row[Any], span: EffectSpan) -> bool:
    return (row.effect, row.effect_until) == (span.effect, maybe_moment(span.until))


def _rows(connection: Connection) -> Sequence[Row[Any]]:
    query = select(schema.exemption).where(stored.removed_at.is_(None)).order_by(stored.name)
    return connection.execute(query).all()


def _exemption(row: Row[Any]) -> Exemption:
    return Exemption(
        name=row.name,
        kind=Kind(row.kind),
        covers=msgspec.convert(orjson.loads(row.covers), Covers, strict=False),
        reason=row.reason,
        approver=row.approver,
        until=from_moment(row.until),
        origin=row.origin,
        added_at=from_moment(row.added_at),
        added_by=row.added_by,
    )


def _add(connection: Connection, exemption: Exemption, actor: str, now: int) -> None:
    values: dict[str, Any] = {
        "name": clean(exemption.name),
        "kind": exemption.kind.value,
        "covers": orjson.dumps(msgspec.to_builtins(exemption.covers)),
        "reason": clean(exemption.reason),
        "approver": clean(exemption.approver),
        "until": to_moment(exemption.until),
        "origin": clean(exemption.origin),
        "added_at": now,
        "added_by": clean(actor),
    }
    connection.execute(insert(schema.exemption).values(values))


def _remove(connection: Connection, name: str, now: int) -> None:
    change = update(schema.exemption).where(stored.name == name, stored.removed_at.is_(None))
    connection.execute(change.values(removed_at=now))


def _detail(exemption: Exemption) -> Any:
    return msgspec.to_builtins(exemption)


def _states(connection: Connection, exemption: Exemption, checks: Collection[str] | None) -> Select[Any]:
    columns = (*STATE, finding.detail) if exemption.covers.is_about_vulnerabilities else STATE
    query = select(*columns).join_from(schema.finding, schema.asset, asset.pk == finding.asset_pk)
    return query.where(*_covered(connection, exemption, checks)).order_by(finding.asset_pk, finding.check_pk)


def _seen(
    connection: Connection, viewer: ScopeFilter, exemption: Exemption, checks: Collection[str] | None
) -> Sequence[Row[Any]]:
    """Return the open findings that a viewer may see and an exemption may be about."""
    query = _states(connection, exemption, checks).where(finding.resolved_at.is_(None))
    return connection.execute(query.where(*visible(finding.scope_pk, viewer, finding.asset_pk))).all()


def _is_one_of(keys: Sequence[Key]) -> ColumnElement[bool]:
    by_check: dict[int, list[int]] = {}
    for asset_pk, check_pk in keys:
        by_check.setdefault(check_pk, []).append(asset_pk)
    every = [(finding.check_pk == number) & among(finding.asset_pk, assets) for number, assets in by_check.items()]
    return or_(false(), *every)


def _findings(connection: Connection, keys: Sequence[tuple[int, int]]) -> list[Row[Any]]:
    wanted = set(keys)
    query = select(*STATE).order_by(finding.asset_pk, finding.check_pk)
    rows = bulk.in_chunks(connection, query, finding.asset_pk, sorted({key[0] for key in keys}))
    return [row for row in rows if (row.asset_pk, row.check_pk) in wanted]


def _unlink(connection: Connection, keys: Sequence[tuple[int, int]]) -> None:
    by_check: dict[int, list[int]] = {}
    for asset_pk, check_pk in keys:
        by_check.setdefault(check_pk, []).append(asset_pk)
    for check_pk, assets in sorted(by_check.items()):
        for some in bulk.chunks(assets):
            here = (link.check_pk == check_pk, among(link.asset_pk, some))
            connection.execute(delete(schema.exempted).where(*here))


def _covered(connection: Connection, exemption: Exemption, checks: Collection[str] | None) -> list[ColumnElement[bool]]:
    """Return the conditions on findings and their assets. An asset whose tags were not read bears none.

    What could not be read is never healthy: a mitigation covers unhealthy findings alone.
    """
    covers = exemption.covers
    found: list[ColumnElement[bool]] = []
    if exemption.kind is Kind.MITIGATED or covers.is_about_vulnerabilities:
        found.append(finding.state == state_number(State.UNHEALTHY))
    if checks is not None:
        numbers = connection.execute(select(check.pk).where(check.id.in_(sorted(checks)))).scalars().all()
        found.append(among(finding.check_pk, numbers) if numbers else false())
    if covers.severities:
        found.append(finding.severity.in_(sorted(severity.rank for severity in covers.severities)))
    if covers.scopes or covers.nodes:
        found.append(among(finding.scope_pk, _scopes(connection, covers)))
    found += [bulk.holds(asset.tags, tag_text(key, value)) for key, value in sorted(covers.tags.items())]
    found += in_groups(AssetFilter(groups=frozenset(covers.groups)), finding.asset_pk)
    if covers.assets:
        found.append(_is_asset({clean(id) for id in covers.assets}))
    return found


def _is_asset(ids: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that an asset has one of the ids; those of Azure are the same in any case."""
    anyhow = asset.scope_pk.in_(select(scope.pk).where(scope.provider == "azure"))
    return or_(asset.uid.in_(sorted(ids)), asset.uid.in_(sorted({id.lower() for id in ids})) & anyhow)


def _scopes(connection: Connection, covers: Covers) -> list[int]:
    """Return the scopes that are named, and that lie below a node that is; where both are given, both must hold."""
    nodes, wanted = set(covers.nodes), set(covers.scopes)
    return [
        row.pk
        for row in connection.execute(select(schema.scope))
        if (not wanted or row.id in wanted) and (not nodes or nodes & {row.id, *orjson.loads(row.path)})
    ]
