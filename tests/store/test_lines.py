"""Lines of an export are the findings that lists give, in the same order, for every viewer."""

from __future__ import annotations

from itertools import product

import pytest

from poise.model.finding import Risk
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listings import FindingFilter, FindingRow
from poise.model.verdict import Severity, State, Verdict
from poise.store import Store
from poise.store.audit import Deed
from poise.store.lines import NAMES
from tests.store.estate import OPEN, OTHER, PLAIN, SCOPE, Clock, bucket, collected, judged, key, write

RISKS = (Risk(Severity.LOW), Risk(Severity.CRITICAL), Risk(Severity.MEDIUM))


@pytest.fixture
def filled(store: Store, clock: Clock) -> Store:
    for scope in (SCOPE, OTHER):
        assets = [bucket(f'{scope[:1]}-{n:02},"é', scope, tags={"team": f"t{n % 2}"}) for n in range(7)]
        said = [
            judged(
                asset,
                {
                    OPEN: Verdict(State.UNKNOWN if n == 4 else State.UNHEALTHY, f"reason {n}, told", [n]),
                    PLAIN: State.UNHEALTHY if n == 0 else State.HEALTHY,
                },
                risks={OPEN: RISKS[n % 3]},
            )
            for n, asset in enumerate(assets)
        ]
        write(store, collected(assets, key(scope)), said)
        clock.move(minutes=1)
    store.groups.put(
        Group(name="odd", kind=GroupKind.TEAM, wanted=Wanted(tags={"team": "t1"}), changed_by="ann"),
        Deed("ann", "group", "odd"),
    )
    return store


def cells(row: FindingRow) -> tuple[str, ...]:
    asset = row.asset
    return (
        *(row.id, row.check, row.state.value, row.severity.value, row.effect.value, asset.id, asset.kind, asset.name),
        *(asset.provider, asset.scope, asset.region, row.reason),
        *(row.first_seen.isoformat() if row.first_seen else "", row.read_at.isoformat()),
    )


VIEWERS = (None, frozenset({OTHER}), frozenset[str](), frozenset({SCOPE, OTHER, "9"}))
WANTED = (
    FindingFilter(),
    FindingFilter(scopes=frozenset({SCOPE})),
    FindingFilter(scopes=frozenset({"9"})),
    FindingFilter(scopes=frozenset({SCOPE, OTHER}), groups=frozenset({"odd"})),
)


def test_lines_are_what_lists_give(filled: Store):
    for viewer, wanted, check in product(VIEWERS, WANTED, (OPEN, PLAIN, "no.such.check")):
        one = FindingFilter(scopes=wanted.scopes, groups=wanted.groups, checks=frozenset({check}))
        expected = [cells(row) for row in filled.findings.all(viewer, one)]
        assert list(filled.findings.lines(viewer, check, wanted)) == expected
        assert all(len(line) == len(NAMES) for line in expected)


def test_every_viewer_sees_the_lines_of_his_own(filled: Store):
    """Seven buckets in each of two accounts are open or could not be read; three of each are of the group."""
    numbers = [len(list(filled.findings.lines(viewer, OPEN, WANTED[0]))) for viewer in VIEWERS]
    assert numbers == [14, 7, 0, 14]
    assert [len(list(filled.findings.lines(None, OPEN, wanted))) for wanted in WANTED] == [14, 7, 0, 6]


def test_the_database_sorts_no_row_of_an_export(tmp_path, clock):
    """A check may have a million findings; sorting them would take memory for all of them."""
    from sqlalchemy import event

    said: list[str] = []
    with Store.open(tmp_path / "poise.db", {}, clock) as store:
        for scope in (SCOPE, OTHER):
            asset = bucket("one", scope)
            write(store, collected([asset], key(scope)), [judged(asset, {OPEN: State.UNHEALTHY})])
        engine = store._core.database.engine
        event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_: said.append(statement))
        for scopes in (frozenset[str](), frozenset({SCOPE})):
            assert list(store.findings.lines(None, OPEN, FindingFilter(scopes=scopes)))
            with engine.connect() as connection:
                values = (1, 0, "[1]")[: said[-1].count("?")]
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said[-1]}", values).all()
            plan = " ".join(str(row[-1]) for row in rows)
            assert "finding_by_check_pk_risk_asset_pk" in plan
            assert "TEMP B-TREE" not in plan
