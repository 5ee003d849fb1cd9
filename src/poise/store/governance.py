"""Rules of governance and assignments, as stored. Assignments follow findings round by round.

A finding that was fixed and comes back begins a new round: what was assigned in the round before is history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import orjson
from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from poise.model.finding import Effect
from poise.model.governance import Assignment, DueState, Facts, Rule
from poise.model.kinds import ACCOUNT_KIND
from poise.model.listings import ScopeFilter
from poise.model.verdict import State
from poise.store import audit, bulk, duties, grace, schema
from poise.store.audit import Deed
from poise.store.codec import (
    SEVERITIES,
    clean,
    from_moment,
    maybe_moment,
    maybe_time,
    read_tags,
    state_number,
    to_moment,
)
from poise.store.core import Core, lock_all_scopes
from poise.store.rows import asset, asset_id, check, finding, finding_tables, kind, scope
from poise.store.seeing import visible

stored, assigned, earlier = duties.governance_rule.c, duties.assignment.c, duties.assignment_version.c
THIS_ROUND = and_(
    assigned.asset_pk == finding.asset_pk,
    assigned.check_pk == finding.check_pk,
    assigned.round == finding.reopened,
)
GOVERNED = (Effect.COUNTED.value, Effect.GRACE.value)
"""Effects of findings that somebody has to act on; the others are decided not to be."""


class RuleChange(NamedTuple):
    """What is to become of the rules, and who wants it."""

    added: Sequence[Rule]
    removed: Sequence[str]
    """Names. One that is in both is replaced."""
    actor: str


class Candidate(NamedTuple):
    """An open finding with what rules look at."""

    key: tuple[int, int]
    id: str
    title_check: str
    round: int
    opened_at: datetime
    facts: Facts
    present: Assignment | None
    is_unhealthy: bool


class Assigned(NamedTuple):
    """What is to be assigned to a finding."""

    key: tuple[int, int]
    round: int
    opened_at: datetime
    assignment: Assignment


class ReportRow(NamedTuple):
    """Findings that have the same owner, rule, account, state and risk."""

    owner: str
    rule: str
    account: str
    state: DueState
    risk: int
    findings: int
    late: int
    """Of the completed ones, those that were fixed after their due date."""
    with_eta: int


class Governance:
    """Reads and writes rules and assignments."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that are there, the strongest first."""
        with self._core.database.read() as connection:
            rows = connection.execute(select(duties.governance_rule).where(stored.removed_at.is_(None))).all()
        found = [msgspec.structs.replace(_decode(row.body), origin=row.origin) for row in rows]
        return tuple(sorted(found, key=lambda rule: rule.precedence))

    def change(self, change: RuleChange) -> None:
        """Add and remove rules, noting who did it: one transaction. What was assigned stays."""
        now = self._core.database.now()
        with self._core.database.write() as connection:
            replaced = {rule.name for rule in change.added} & set(change.removed)
            for name in change.removed:
                gone = update(duties.governance_rule).where(stored.name == name, stored.removed_at.is_(None))
                connection.execute(gone.values(removed_at=now))
                if name not in replaced:
                    audit.note(connection, Deed(change.actor, "governance rule removed", name), now)
            for rule in change.added:
                connection.execute(insert(duties.governance_rule).values(_rule_values(rule, change.actor, now)))
                word = "changed" if rule.name in replaced else "added"
                deed = Deed(change.actor, f"governance rule {word}", rule.name, msgspec.to_builtins(rule))
                audit.note(connection, deed, now)

    def candidates(self, viewer: ScopeFilter, wanted: Wanted | None = None) -> Iterator[Candidate]:
        """Yield open findings with what rules look at, in the order of their keys; memory stays bounded."""
        wanted = wanted or Wanted()
        with self._core.database.read() as connection:
            accounts = account_tags(connection)
            nodes = {row.pk: tuple(orjson.loads(row.path)) for row in connection.execute(select(schema.scope))}
            query = _candidates(viewer, wanted)
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield _candidate(row, nodes.get(row.scope_pk, ()), accounts.get(row.scope_pk, {}))

    def tags_of(self, ids: Iterable[str]) -> dict[str, Mapping[str, str]]:
        """Return asset id -> its tags, for those that are there."""
        query = select(asset.uid, asset.tags).where(asset.gone_at.is_(None))
        with self._core.database.read() as connection:
            return {row.uid: read_tags(row.tags) for row in bulk.in_chunks(connection, query, asset.uid, set(ids))}

    def accounts(self) -> dict[str, tuple[str, ...]]:
        """Return every account with the organization nodes above it."""
        with self._core.database.read() as connection:
            rows = connection.execute(select(schema.scope.c.id, schema.scope.c.path)).all()
        return {row.id: tuple(orjson.loads(row.path)) for row in rows}

    def assign(self, rows: Sequence[Assigned], deed: Deed | None = None) -> int:
        """Write assignments, what they replace to the history, and let grace periods act: one transaction."""
        now = self._core.database.now()
        with self._core.write() as connection:
            lock_all_scopes(connection)
            for some in bulk.chunks(rows):
                _write(connection, some, now)
            changed = grace.settle(self._core, connection, now)
            if deed is not None:
                audit.note(connection, deed, now)
        return changed

    def clear(self, keys: Sequence[tuple[int, int]], deed: Deed) -> None:
        """Take assignments away."""
        now = self._core.database.now()
        with self._core.write() as connection:
            lock_all_scopes(connection)
            wanted = set(keys)
            query = select(duties.assignment)
            old = bulk.in_chunks(connection, query, assigned.asset_pk, {key[0] for key in keys})
            rows = [row for row in old if (row.asset_pk, row.check_pk) in wanted]
            _keep(connection, rows, now)
            for row in rows:
                here = (assigned.asset_pk == row.asset_pk, assigned.check_pk == row.check_pk)
                connection.execute(duties.assignment.delete().where(*here))
            grace.settle(self._core, connection, now)
            audit.note(connection, deed, now)

    def settle(self) -> int:
        """Make effects agree with assignments; return how many findings changed."""
        with self._core.database.read() as connection:
            if not connection.execute(select(assigned.asset_pk).limit(1)).all():
                return 0
        with self._core.write() as connection:
            lock_all_scopes(connection)
            return grace.settle(self._core, connection, self._core.database.now())

    def is_unsettled(self) -> bool:
        """Whether anything has become overdue that is not marked so."""
        return grace.is_unsettled(self._core, self._core.database.now())

    def report(self, viewer: ScopeFilter) -> tuple[ReportRow, ...]:
        """Count findings by owner, rule, account, state and risk. What is exempted is nobody's work and left out."""
        # Numbers are sorted faster than the names of accounts, which are put in when little is left.
        grouped = (
            *(finding.scope_pk, finding.risk, finding.resolved_at.is_not(None).label("is_fixed"), assigned.is_overdue),
            *(or_(assigned.owner != "", assigned.due.is_not(None)).label("is_assigned"), assigned.owner, assigned.rule),
        )
        late = func.sum(_number(finding.resolved_at > assigned.due + grace.SECOND))
        sums = (func.count().label("findings"), late.label("late"), func.count(assigned.eta).label("eta"))
        counted = select(*grouped, *sums).select_from(schema.finding.outerjoin(duties.assignment, THIS_ROUND))
        counted = counted.where(finding.effect.in_(GOVERNED), finding.state == state_number(State.UNHEALTHY))
        counted = counted.where(*visible(finding.scope_pk, viewer, finding.asset_pk)).group_by(*grouped)
        found = counted.subquery()
        query = select(
            func.coalesce(found.c.owner, "").label("owner"),
            func.coalesce(found.c.rule, "").label("rule"),
            scope.id.label("account"),
            func.coalesce(found.c.is_overdue, 0).label("is_overdue"),
            *(found.c[name] for name in ("is_fixed", "is_assigned", "risk", "findings", "late", "eta")),
        ).join_from(found, schema.scope, scope.pk == found.c.scope_pk)
        with self._core.database.read() as connection:
            return tuple(_report_row(row) for row in connection.execute(query))

    def fix_times(self, viewer: ScopeFilter, since: datetime) -> list[tuple[str, int, float]]:
        """Return owner, risk and days from being seen to being fixed, of what was fixed since a moment."""
        begin = func.coalesce(assigned.opened_at, finding.first_seen)
        query = select(func.coalesce(assigned.owner, "").label("owner"), finding.risk, finding.resolved_at, begin)
        query = query.select_from(schema.finding.outerjoin(duties.assignment, THIS_ROUND))
        query = query.where(finding.resolved_at >= to_moment(since), finding.state == state_number(State.UNHEALTHY))
        with self._core.database.read() as connection:
            rows = connection.execute(query.where(*visible(finding.scope_pk, viewer, finding.asset_pk))).all()
        return [(row[0], row[1], (row[2] - row[3]) / (24 * 3600 * grace.SECOND)) for row in rows]


class Wanted(NamedTuple):
    """Which open findings are wanted; what is empty does not narrow."""

    is_unassigned: bool = False
    """Only those without an assignment of this round, unhealthy, that are not exempted."""
    ids: Sequence[str] = ()
    checks: Sequence[str] = ()
    is_assigned: bool = False
    """Only those with an assignment of this round that are not exempted."""


def _candidates(viewer: ScopeFilter, wanted: Wanted) -> Select[Any]:
    columns = (
        *(finding.asset_pk, finding.check_pk, finding.id, finding.state, finding.severity, finding.risk),
        *(finding.first_seen, finding.changed_at, finding.reopened, finding.scope_pk, asset.tags),
        *(asset_id.label("asset_id"), check.id.label("check"), kind.name.label("kind"), scope.provider),
        scope.id.label("account"),
        *(column.label(f"a_{column.name}") for column in ASSIGNMENT),
    )
    query = select(*columns).select_from(finding_tables().outerjoin(duties.assignment, THIS_ROUND))
    query = query.where(finding.resolved_at.is_(None), *visible(finding.scope_pk, viewer, finding.asset_pk))
    if wanted.is_unassigned:
        query = query.where(assigned.asset_pk.is_(None), finding.effect.in_(GOVERNED))
        query = query.where(finding.state == state_number(State.UNHEALTHY))
    if wanted.ids:
        query = query.where(finding.id.in_(sorted(wanted.ids)))
    if wanted.checks:
        query = query.where(check.id.in_(sorted(wanted.checks)))
    if wanted.is_assigned:
        query = query.where(assigned.asset_pk.is_not(None), finding.effect.in_(GOVERNED))
    return query.order_by(finding.asset_pk, finding.check_pk)


ASSIGNMENT = tuple(column for column in duties.assignment.columns if column.name not in ("asset_pk", "check_pk"))


def _candidate(row: Row[Any], nodes: tuple[str, ...], account: Mapping[str, str]) -> Candidate:
    opened_at = row.a_opened_at if row.a_opened_at is not None else _began(row)
    facts = Facts(
        check=row.check,
        category=None,
        severity=SEVERITIES[row.severity],
        risk=SEVERITIES[row.risk],
        provider=row.provider,
        kind=row.kind,
        asset=row.asset_id,
        account=row.account,
        nodes=nodes,
        tags=read_tags(row.tags),
        account_tags=account,
    )
    present = None if row.a_assigned_at is None else _assignment(row)
    is_unhealthy = row.state == state_number(State.UNHEALTHY)
    key = (row.asset_pk, row.check_pk)
    return Candidate(key, row.id, row.check, row.reopened, from_moment(opened_at), facts, present, is_unhealthy)


def _began(row: Row[Any]) -> int:
    """Return when this round began: for one that came back, when it was last seen to change."""
    return int(row.changed_at if row.reopened else row.first_seen)


def _assignment(row: Row[Any]) -> Assignment:
    return Assignment(
        owner=row.a_owner,
        due=maybe_time(row.a_due),
        is_grace=bool(row.a_is_grace),
        rule=row.a_rule,
        eta=maybe_time(row.a_eta),
        justification=row.a_justification,
        assigned_at=from_moment(row.a_assigned_at),
        assigned_by=row.a_assigned_by,
    )


def account_tags(connection: Connection) -> dict[int, Mapping[str, str]]:
    """Return scope number -> tags of the asset that stands for the account."""
    query = select(asset.scope_pk, asset.tags).join_from(schema.asset, schema.kind, kind.pk == asset.kind_pk)
    query = query.where(kind.name.in_(sorted(ACCOUNT_KIND.values())), asset.gone_at.is_(None))
    return {row.scope_pk: read_tags(row.tags) for row in connection.execute(query)}


def _write(connection: Connection, rows: Sequence[Assigned], now: int) -> None:
    wanted = {row.key for row in rows}
    old = bulk.in_chunks(connection, select(duties.assignment), assigned.asset_pk, sorted({row.key[0] for row in rows}))
    _keep(connection, [row for row in old if (row.asset_pk, row.check_pk) in wanted], now)
    bulk.put_rows(connection, duties.assignment, [_values(row, now) for row in rows])


def _keep(connection: Connection, rows: Iterable[Row[Any]], now: int) -> None:
    """Write what was assigned until now to the history."""
    versions = [
        {
            "asset_pk": row.asset_pk,
            "check_pk": row.check_pk,
            "valid_from": row.assigned_at,
            "valid_to": now,
            "rule": row.rule,
            "owner": row.owner,
            "due": row.due,
            "eta": row.eta,
        }
        for row in rows
        if row.assigned_at < now
    ]
    bulk.put_rows(connection, duties.assignment_version, versions)


def _values(row: Assigned, now: int) -> dict[str, Any]:
    one = row.assignment
    due = maybe_moment(one.due)
    return {
        "asset_pk": row.key[0],
        "check_pk": row.key[1],
        "round": row.round,
        "opened_at": to_moment(row.opened_at),
        "rule": clean(one.rule),
        "owner": clean(one.owner),
        "due": due,
        "is_grace": int(one.is_grace),
        "is_overdue": int(due is not None and due < now),
        "eta": maybe_moment(one.eta),
        "justification": clean(one.justification),
        "assigned_at": to_moment(one.assigned_at),
        "assigned_by": clean(one.assigned_by),
    }


def _rule_values(rule: Rule, actor: str, now: int) -> dict[str, Any]:
    return {
        "name": clean(rule.name),
        "priority": rule.priority,
        "body": msgspec.json.encode(rule),
        "origin": clean(rule.origin),
        "added_at": now,
        "added_by": clean(actor),
    }


def _decode(body: bytes) -> Rule:
    return msgspec.json.decode(body, type=Rule)


def _number(condition: Any) -> Any:
    from sqlalchemy import case

    return case((condition, 1), else_=0)


def _report_row(row: Row[Any]) -> ReportRow:
    if row.is_fixed:
        state = DueState.COMPLETED
    elif not row.is_assigned:
        state = DueState.UNASSIGNED
    else:
        state = DueState.OVERDUE if row.is_overdue else DueState.ON_TIME
    late = int(row.late or 0) if row.is_fixed else 0
    return ReportRow(row.owner, row.rule, row.account, state, row.risk, int(row.findings), late, int(row.eta or 0))
