"""The estate at two moments, from stored intervals: nothing is judged again.

Assets of which no interval begins or ends after the first moment are read as their summaries count them now, those
that are counted alike together. The others are put together from the versions that held at each moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select, union

from poise.model.errors import UsageError
from poise.model.finding import Effect
from poise.model.listings import AssetFilter, ScopeFilter
from poise.model.moments import Alike, AssetChange, AssetThen, Comparison, ScopeKey, VerdictThen
from poise.store import bulk, filters, schema
from poise.store.codec import STATES, from_moment, read_pairs, to_moment, unpack
from poise.store.core import Core
from poise.store.rows import ASSET_COLUMNS, asset, asset_tables, finding, scope, summary, to_ref
from poise.store.rulebooks import check_names, rulebook, switched

old, now = schema.verdict_version.c, schema.verdict.c
past, judging = schema.finding_version.c, schema.judging.c
HORIZON = "history_from"
"""Setting: the moment before which history was removed."""


class Span(NamedTuple):
    """One interval of an asset: of its presence, of the verdicts of a phase, or of a finding."""

    begins: int
    ends: int | None
    holds: Any

    def holds_at(self, moment: int) -> bool:
        """Whether it held at a moment."""
        return self.begins <= moment and (self.ends is None or moment < self.ends)


class Past(NamedTuple):
    """All intervals of one asset."""

    row: Any
    contents: list[Span]
    phases: dict[int, list[Span]]
    effects: dict[int, list[Span]]


class Moments:
    """Puts two moments of the estate side by side."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def between(self, viewer: ScopeFilter, wanted: AssetFilter, first: datetime, then: datetime) -> Comparison:
        """Return the estate at two moments, the first not after the second.

        Raises :class:`UsageError` if history before the first moment was removed.
        """
        start, end = to_moment(first), to_moment(then)
        with self._core.database.read() as connection:
            _require_kept(connection, start)
            names = check_names(connection)
            changed = set[int]()
            if start < self._core.database.now():
                changed = _changed(connection, viewer, wanted, start)
                changed |= _with_checks(connection, (viewer, wanted), switched(connection, start))
            read = _Read(connection, names, start, end)
            changes = tuple(read.changes(sorted(changed)))
            same = tuple(_same(connection, (viewer, wanted), changed, names))
            return Comparison(
                first=first,
                then=then,
                before=rulebook(connection, names, start),
                after=rulebook(connection, names, end),
                scopes_before=frozenset({one.scope for one in same} | {c.scope for c in changes if c.before}),
                scopes_after=frozenset({one.scope for one in same} | {c.scope for c in changes if c.after}),
                same=same,
                changes=changes,
            )

    def begins(self) -> datetime | None:
        """Return the moment before which history was removed; None if none was."""
        with self._core.database.read() as connection:
            found = horizon(connection)
        return None if found is None else from_moment(found)

    def note_judging(self, source: str, scope_id: str, digest: bytes) -> int | None:
        """Note that other code or other parameters begin to judge a scope; None if they are the same as before."""
        now_ = self._core.database.now()
        with self._core.database.write() as connection:
            query = select(scope.pk).where(scope.source == source, scope.id == scope_id).order_by(scope.pk)
            found = None
            for pk in connection.execute(query).scalars().all():
                last = select(judging.digest).where(judging.scope_pk == pk).order_by(judging.begun.desc())
                if connection.execute(last.limit(1)).scalar() != digest:
                    row = {"scope_pk": pk, "begun": now_, "finished": None, "digest": digest}
                    bulk.put_rows(connection, schema.judging, [row])
                    found = now_
        return found

    def end_judging(self, source: str, scope_id: str, begun: int) -> None:
        """Note that the first pass with other code over a scope is done."""
        now_ = self._core.database.now()
        with self._core.database.write() as connection:
            query = select(scope.pk).where(scope.source == source, scope.id == scope_id)
            rows = [{"scope_pk": pk, "begun": begun, "finished": now_} for pk in connection.execute(query).scalars()]
            bulk.update_rows(connection, schema.judging, ("scope_pk", "begun"), rows)


def horizon(connection: Connection) -> int | None:
    """Return the moment before which history was removed; None if none was."""
    query = select(schema.setting.c.value).where(schema.setting.c.name == HORIZON)
    value = connection.execute(query).scalar_one_or_none()
    return None if value is None else int(value)


def forget_before(connection: Connection, moment: int) -> None:
    """Remember that history before a moment was removed."""
    latest = max(moment, horizon(connection) or moment)
    bulk.put_rows(connection, schema.setting, [{"name": HORIZON, "value": str(latest).encode()}])


def _require_kept(connection: Connection, moment: int) -> None:
    begins = horizon(connection)
    if begins is not None and moment < begins:
        raise UsageError(
            f"History before {from_moment(begins):%Y-%m-%d %H:%M} was removed.",
            "Ask for a later moment; the setting `retention` says how long history is kept.",
        )


def _limits(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter) -> list[ColumnElement[bool]]:
    found = filters.of_scopes(connection, viewer, wanted, asset.scope_pk, asset.pk)
    return found + filters.in_groups(wanted)


def _changed(connection: Connection, viewer: ScopeFilter, wanted: AssetFilter, start: int) -> set[int]:
    """Return the assets of which any interval begins or ends after a moment."""
    began = or_(asset.first_seen > start, asset.changed_at > start, asset.gone_at > start)
    versions = (schema.asset_version, schema.verdict_version, schema.finding_version)
    parts: list[Select[Any]] = [
        select(asset.pk).where(began),
        select(now.asset_pk).where(now.valid_from > start),
        select(finding.asset_pk).where(finding.changed_at > start),
        *(select(table.c.asset_pk).where(table.c.valid_to > start) for table in versions),
    ]
    keys = union(*parts).subquery()
    query = select(asset.pk).join(keys, keys.c[0] == asset.pk).where(*_limits(connection, viewer, wanted))
    return set(connection.execute(query).scalars())


def _with_checks(connection: Connection, seen: tuple[ScopeFilter, AssetFilter], checks: set[int]) -> set[int]:
    """Return the assets that any of these checks has judged: a switch hides what it judged."""
    if not checks:
        return set()
    query = select(summary.asset_pk, summary.counted).join_from(
        schema.asset_summary, schema.asset, asset.pk == summary.asset_pk
    )
    rows = connection.execute(query.where(*_limits(connection, *seen)))
    return {row.asset_pk for row in rows if checks & {check for check, _ in read_pairs(row.counted)}}


def _same(
    connection: Connection, seen: tuple[ScopeFilter, AssetFilter], changed: set[int], names: dict[int, str]
) -> Iterator[Alike]:
    columns: tuple[Any, ...] = (summary.scope_pk, summary.counted, summary.criticality)
    query = select(*columns, func.count().label("number")).join_from(
        schema.asset_summary, schema.asset, asset.pk == summary.asset_pk
    )
    counts: dict[tuple[int, bytes, int], int] = defaultdict(int)
    for row in connection.execute(query.where(*_limits(connection, *seen)).group_by(*columns)):
        counts[tuple(row[:3])] += row.number
    taken = select(summary.asset_pk, *columns)
    for row in bulk.in_chunks(connection, taken, summary.asset_pk, sorted(changed)):
        if tuple(row[1:]) in counts:
            counts[tuple(row[1:])] -= 1
    scopes = _scope_keys(connection)
    for (place, counted, degree), number in sorted(counts.items()):
        if number:
            pairs = read_pairs(counted)
            buckets = tuple((names[check], schema.BUCKETS[code & 7], code >> 3) for check, code in pairs)
            yield Alike(scopes[place], degree, buckets, number)


def _scope_keys(connection: Connection) -> dict[int, ScopeKey]:
    return {r.pk: (r.source, r.provider, r.id) for r in connection.execute(select(schema.scope))}


class _Read:
    """Reads the intervals of assets, and says what held at two moments."""

    def __init__(self, connection: Connection, names: dict[int, str], start: int, end: int) -> None:
        self._connection = connection
        self._names = names
        self._start, self._end = start, end
        self._windows: dict[int, list[Span]] = defaultdict(list)
        first: set[int] = set()
        for row in connection.execute(select(schema.judging).order_by(judging.scope_pk, judging.begun)):
            if row.scope_pk in first:
                self._windows[row.scope_pk].append(Span(row.begun, row.finished, None))
            first.add(row.scope_pk)

    def changes(self, keys: Sequence[int]) -> Iterator[AssetChange]:
        for some in bulk.chunks(keys):
            for one in self._pasts(some).values():
                before, after = self._then(one, self._start), self._then(one, self._end)
                if before or after:
                    row = one.row
                    yield AssetChange(
                        asset=to_ref(row),
                        scope=(row.source, row.provider, row.scope),
                        criticality=row.criticality,
                        before=before,
                        after=after,
                        by_checks=self._by_checks(one),
                    )

    def _pasts(self, some: Sequence[int]) -> dict[int, Past]:
        query = select(asset.pk, asset.scope_pk, asset.changed_at, asset.gone_at, asset.criticality, *ASSET_COLUMNS)
        rows = bulk.in_chunks(self._connection, query.select_from(asset_tables()), asset.pk, some)
        found = {
            r.pk: Past(r, [Span(r.changed_at, r.gone_at, None)], defaultdict(list), defaultdict(list)) for r in rows
        }
        for row in self._of(schema.asset_version, some, "valid_from", "valid_to"):
            found[row.asset_pk].contents.append(Span(row.valid_from, row.valid_to, None))
        for row in self._of(schema.verdict_version, some, "phase", "valid_from", "valid_to", "packed"):
            found[row.asset_pk].phases[row.phase].append(Span(row.valid_from, row.valid_to, row.packed))
        for row in self._of(schema.verdict, some, "phase", "valid_from", "packed"):
            found[row.asset_pk].phases[row.phase].append(Span(row.valid_from, None, row.packed))
        names = ("check_pk", "valid_from", "valid_to", "effect", "risk")
        for row in self._of(schema.finding_version, some, *names):
            span = Span(row.valid_from, row.valid_to, (row.effect, row.risk))
            found[row.asset_pk].effects[row.check_pk].append(span)
        for row in self._of(schema.finding, some, "check_pk", "changed_at", "resolved_at", "effect", "risk"):
            if row.resolved_at is None:
                found[row.asset_pk].effects[row.check_pk].append(Span(row.changed_at, None, (row.effect, row.risk)))
        return found

    def _of(self, table: Any, some: Sequence[int], *names: str) -> Iterator[Row[Any]]:
        query = select(table.c.asset_pk, *(table.c[name] for name in names))
        return bulk.in_chunks(self._connection, query, table.c.asset_pk, some)

    def _then(self, one: Past, moment: int) -> AssetThen | None:
        if not any(span.holds_at(moment) for span in one.contents):
            return None
        acts = {check: span.holds for check, spans in one.effects.items() for span in spans if span.holds_at(moment)}
        verdicts = {}
        for spans in one.phases.values():
            for span in spans:
                if span.holds_at(moment):
                    for said in unpack(span.holds):
                        effect, risk = acts.get(said.check, (Effect.COUNTED.value, 0))
                        verdicts[self._names[said.check]] = VerdictThen(STATES[said.state], _given(effect), risk)
        return AssetThen(verdicts)

    def _by_checks(self, one: Past) -> frozenset[str]:
        windows = self._windows.get(one.row.scope_pk, ())
        found: set[str] = set()
        for window in windows:
            if not any(_within(window, span.begins) for span in one.contents):
                found |= self._turned(one, window)
        return frozenset(found)

    def _turned(self, one: Past, window: Span) -> set[str]:
        """Return the checks whose last change of state up to the second moment lies in a window."""
        turned: set[str] = set()
        for spans in one.phases.values():
            ordered = sorted(span for span in spans if span.begins <= self._end)
            last: dict[int, int] = {}
            states: dict[int, int] = {}
            for span in ordered:
                said = {row.check: row.state for row in unpack(span.holds)}
                last |= {check: span.begins for check, state in said.items() if states.get(check) != state}
                states = said
            turned |= {self._names[c] for c, at in last.items() if at > self._start and _within(window, at)}
        return turned


def _within(window: Span, moment: int) -> bool:
    return window.begins <= moment and (window.ends is None or moment <= window.ends)


def _given(effect: str) -> Effect:
    """Return the effect without a switch: what was off when is told by the rulebook."""
    return Effect.COUNTED if effect == Effect.DISABLED else Effect(effect)
