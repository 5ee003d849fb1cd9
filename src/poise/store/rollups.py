"""Roll-ups and asset summaries. :func:`apply_effects` is the only writer of both.

Each asset's summary remembers what was counted for it, as (check, bucket) pairs. Counting again means: work
out the pairs that hold now, take away the old, add the new. So it may be called for any asset at any time,
twice too, and the roll-ups are always the sum over all summaries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from poise.model.finding import Effect
from poise.model.judged import Scoring
from poise.model.verdict import State
from poise.store import bulk, schema
from poise.store.among import among
from poise.store.codec import SEVERITIES, number_pairs, read_pairs, state_number

EVERYWHERE = 0
"""The scope number of a switch that holds for all scopes."""
HEALTHY, UNHEALTHY, NOT_APPLICABLE, UNKNOWN = (state_number(state) for state in State)
BUCKET = {name: number for number, name in enumerate(schema.BUCKETS)}
WAIVED, MITIGATED, GRACE, DISABLED = (BUCKET[e] for e in ("waived", "mitigated", "grace", "disabled"))
IN_CONTROL = {bucket: bucket for bucket in (HEALTHY, MITIGATED, UNHEALTHY, UNKNOWN)} | dict.fromkeys(
    (NOT_APPLICABLE, WAIVED, GRACE), NOT_APPLICABLE
)
"""What a counted verdict is worth in a score control; one of a disabled check is worth nothing.

Whether a mitigated one is healthy or excluded is decided where the score is read: both readings can be had at once.
"""
WORST_FIRST = (4, 3, 2, 1)
OPEN_COUNTS = tuple(SEVERITIES[rank].value for rank in WORST_FIRST)
NOTHING_OPEN = (0,) * 6
ROLLUPS = (schema.check_rollup, schema.control_rollup, schema.kind_rollup, schema.risk_rollup)
"""The tables that are kept as sums over all summaries."""
Pairs = list[tuple[int, int]]


Counted = tuple[int, int, bytes, int]
"""Scope, kind, the pairs that are counted there, and the degree of criticality."""


class Rules:
    """What decides how a verdict is counted: facts of checks, and switches."""

    def __init__(self, connection: Connection, scoring: Scoring) -> None:
        numbers = {row.id: row.pk for row in connection.execute(select(schema.check))}
        self.control = {
            numbers[id]: facts.control
            for id, facts in scoring.items()
            if id in numbers and facts.control is not None and not facts.is_preview
        }
        self.previews = {numbers[id] for id, facts in scoring.items() if id in numbers and facts.is_preview}
        self._off: set[tuple[int, int]] = {
            (row.scope_pk, row.check_pk) for row in connection.execute(select(schema.switch))
        }

    @property
    def has_switches(self) -> bool:
        """Whether any check is switched off anywhere."""
        return bool(self._off)

    def is_off(self, scope: int, check: int) -> bool:
        """Whether a check is switched off in a scope."""
        return self.has_switches and ((scope, check) in self._off or (EVERYWHERE, check) in self._off)


def apply_effects(connection: Connection, rules: Rules, assets: Sequence[int], now: int | None) -> None:
    """Count these assets again: effects that ended by ``now`` first, then roll-ups and summaries.

    Every transaction that changes verdicts, findings, effects or switches calls it for the assets it touched.
    """
    changes: Counter[Counted] = Counter()
    for some in bulk.chunks(sorted(assets)):
        if now is not None:
            _end_effects(connection, some, now)
        _count_chunk(connection, rules, some, changes)
    _add_changes(connection, rules, changes)


def _end_effects(connection: Connection, assets: Sequence[int], now: int) -> None:
    table = schema.finding.c
    ended = select(schema.finding).where(among(table.asset_pk, assets), table.effect_until <= now)
    end_effects(connection, connection.execute(ended).all(), now)


def end_effects(connection: Connection, rows: Sequence[Row[Any]], now: int) -> None:
    """Make findings count again; the caller counts their assets."""
    set_effect(connection, [(row, Effect.COUNTED, None) for row in rows], now)


def set_effect(connection: Connection, changes: Iterable[tuple[Row[Any], Effect, int | None]], now: int) -> None:
    """Write effects to finding rows, and what held before to their history."""
    versions, updates = [], []
    for row, effect, until in changes:
        if row.effect != effect and row.resolved_at is None:
            versions.append(finding_version(row, now))
        changed_at = now if row.effect != effect and row.resolved_at is None else row.changed_at
        updates.append(
            {
                "asset_pk": row.asset_pk,
                "check_pk": row.check_pk,
                "effect": effect.value,
                "effect_until": until,
                "changed_at": changed_at,
            }
        )
    write_finding_versions(connection, versions)
    bulk.update_rows(connection, schema.finding, ("asset_pk", "check_pk"), updates)


def finding_version(row: Row[Any], now: int) -> dict[str, Any]:
    """Return the history row of what a finding was until now."""
    return {
        "asset_pk": row.asset_pk,
        "check_pk": row.check_pk,
        "valid_from": row.changed_at,
        "valid_to": now,
        "state": row.state,
        "effect": row.effect,
        "risk": row.risk,
    }


def write_finding_versions(connection: Connection, versions: Iterable[Mapping[str, Any]]) -> None:
    """Write history rows; what held for no time is left out."""
    bulk.put_rows(connection, schema.finding_version, [dict(v) for v in versions if v["valid_from"] < v["valid_to"]])


def _count_chunk(connection: Connection, rules: Rules, some: Sequence[int], changes: Counter[Counted]) -> None:
    old = {row.asset_pk: tuple(row) for row in _rows(connection, some)}
    new = _summaries(connection, rules, some)
    changes.subtract(row[1:5] for row in old.values())
    changes.update(row[1:5] for row in new.values())
    gone = [key for key in old if key not in new]
    if gone:
        connection.execute(delete(schema.asset_summary).where(among(schema.asset_summary.c.asset_pk, gone)))
    inserts = [row for key, row in new.items() if key not in old]
    bulk.insert_rows(connection, schema.asset_summary, SUMMARY, inserts)
    updates = [dict(zip(SUMMARY, row, strict=True)) for key, row in new.items() if key in old and row != old[key]]
    bulk.update_rows(connection, schema.asset_summary, ("asset_pk",), updates)


SUMMARY = ("asset_pk", "scope_pk", "kind_pk", "counted", "criticality", "risk", *OPEN_COUNTS, "unknown")
"""Columns of a summary; the second to the fifth are what is counted, and where."""


def _rows(connection: Connection, assets: Sequence[int]) -> Sequence[Row[Any]]:
    table = schema.asset_summary.c
    query = select(*(table[name] for name in SUMMARY))
    return connection.execute(query.where(among(table.asset_pk, assets))).all()


def _summaries(connection: Connection, rules: Rules, some: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    asset, verdict = schema.asset.c, schema.verdict.c
    present = select(asset.pk, asset.scope_pk, asset.kind_pk, asset.criticality)
    present = present.where(among(asset.pk, some), asset.gone_at.is_(None))
    states: dict[int, list[bytes]] = defaultdict(list)
    query = select(verdict.asset_pk, verdict.states).where(among(verdict.asset_pk, some)).order_by(verdict.phase)
    for key, blob in connection.execute(query):
        states[key].append(blob)
    findings = _open_findings(connection, some)
    made = {}
    for key, scope, kind, degree in connection.execute(present):
        mine = findings.get(key, ())
        counted = _counted(rules, scope, states.get(key, ()), mine)
        made[key] = (key, scope, kind, counted, degree, *(_open_counts(mine) if mine else NOTHING_OPEN))
    return made


def _open_findings(connection: Connection, some: Sequence[int]) -> dict[int, list[Any]]:
    table = schema.finding.c
    columns: tuple[Any, ...] = (table.asset_pk, table.check_pk, table.state, table.severity, table.risk)
    query = select(*columns, table.effect)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query.where(among(table.asset_pk, some), table.resolved_at.is_(None))):
        found[row.asset_pk].append(row)
    return found


def _counted(rules: Rules, scope: int, states: Sequence[bytes], findings: Sequence[Row[Any]]) -> bytes:
    if not findings and not rules.has_switches and len(states) == 1:
        return states[0]
    pairs = dict(pair for blob in states for pair in read_pairs(blob))
    found = {row.check_pk: row for row in findings}
    for check, state in pairs.items():
        if rules.is_off(scope, check):
            pairs[check] = DISABLED
        elif state in (UNHEALTHY, UNKNOWN) and check in found:
            pairs[check] = _code(state, found[check])
    return number_pairs(pairs.items())


def _code(state: int, finding: Any) -> int:
    """Return the bucket of a finding; of one that counts, with its risk above it."""
    if finding.effect != Effect.COUNTED:
        return BUCKET[finding.effect]
    risk: int = finding.risk
    return state | risk << 3


def _open_counts(findings: Sequence[Any]) -> tuple[int, ...]:
    """Return highest risk, unhealthy findings by severity, and unknown ones; only those that count."""
    counting = [row for row in findings if row.effect == Effect.COUNTED]
    bad = [row for row in counting if row.state == UNHEALTHY]
    ranks = [row.severity for row in bad]
    return (max((row.risk for row in bad), default=0), *map(ranks.count, WORST_FIRST), len(counting) - len(bad))


def _add_changes(connection: Connection, rules: Rules, changes: Mapping[Counted, int]) -> None:
    checks: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    controls: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    kinds: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    shapes: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for (scope, kind, counted, degree), number in changes.items():
        if number == 0:
            continue
        pairs = [(check, code & 7) for check, code in read_pairs(counted)]
        for check, code in read_pairs(counted):
            checks[scope, check][schema.BUCKETS[code & 7]] += number
            if code >> 3 and code & 7 == UNHEALTHY:
                checks[scope, check][schema.RISKS[(code >> 3) - 1]] += number
        for control, state in control_states(rules, pairs).items():
            controls[scope, control][schema.BUCKETS[state]] += number
        kinds[scope, kind]["assets"] += number
        weight = weight_column(rules, pairs)
        if weight:
            kinds[scope, kind][weight] += number
        shapes[scope, risk_shape(rules, counted, degree)]["assets"] += number
    _add(connection, schema.check_rollup, checks)
    _add(connection, schema.control_rollup, controls)
    _add(connection, schema.kind_rollup, kinds)
    _add(connection, schema.risk_rollup, shapes)


def _add(connection: Connection, table: Any, counts: Mapping[Any, Counter[str]]) -> None:
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if not column.primary_key]
    rows = [
        dict(zip(keys, key, strict=True)) | {name: count[name] for name in names}
        for key, count in sorted(counts.items())
        if any(count.values())
    ]
    bulk.add_rows(connection, table, rows)


def control_states(rules: Rules, pairs: Pairs) -> dict[str, int]:
    """Return score control -> state of an asset in it.

    Unhealthy if any scored check is; else unknown if any is; else healthy if any is; else mitigated if any is; else
    not applicable.
    """
    states: dict[str, set[int]] = defaultdict(set)
    for check, bucket in pairs:
        control = rules.control.get(check)
        if control is not None and bucket != DISABLED:
            states[control].add(IN_CONTROL[bucket])
    order = (UNHEALTHY, UNKNOWN, HEALTHY, MITIGATED, NOT_APPLICABLE)
    return {control: next(s for s in order if s in found) for control, found in states.items()}


def weight_column(rules: Rules, pairs: Pairs) -> str | None:
    """Return how an asset weighs in its scope.

    ``scored`` if it has a healthy or unhealthy verdict of a scored check, ``mitigated`` if it has only mitigated ones.
    """
    found = {bucket for check, bucket in pairs if check in rules.control}
    if HEALTHY in found or UNHEALTHY in found:
        return "scored"
    return "mitigated" if MITIGATED in found else None


def with_risks(counted: bytes, ranks: Mapping[int, int]) -> bytes:
    """Return the pairs of an asset with other risks, by check number, of findings that count; others stay."""
    if not ranks:
        return counted
    pairs = read_pairs(counted)
    return number_pairs(
        (check, code & 7 | ranks.get(check, code >> 3) << 3 if code >> 3 else code) for check, code in pairs
    )


def risk_shape(rules: Rules, counted: bytes, degree: int) -> str:
    """Return what an asset is in the risk-based score: see :class:`poise.model.listings.RiskShape`."""
    pairs = [(code & 7, code >> 3) for check, code in read_pairs(counted) if check not in rules.previews]
    judged = any(bucket in (HEALTHY, UNHEALTHY, MITIGATED) for bucket, _ in pairs)
    numbers = [sum(pair == (state, rank) for pair in pairs) for state in (UNHEALTHY, UNKNOWN) for rank in WORST_FIRST]
    return ",".join(map(str, (degree, int(judged), *numbers)))
