"""Attack paths as stored: opened, fixed, opened again; exempted; seen by those who may see every scope of them."""

from datetime import UTC, datetime, timedelta

import pytest

from poise.store import Store
from poise.store.paths import KeptPath
from tests.store.estate import bucket, collected, key, write

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HIGH, CRITICAL = 3, 4


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def wait(self, hours):
        self.now += timedelta(hours=hours)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(empty_url, clock):
    with Store.open(empty_url, clock=clock) as opened:
        yield opened


def path(id="p1", scopes=("a",), level=HIGH, nodes=("vm", "role"), **more):
    return KeptPath(
        id=id,
        title=f"path {id}",
        entry_scope="",
        target_scope=scopes[-1],
        scopes=scopes,
        nodes=frozenset(nodes),
        level=level,
        risk=12.5,
        count=3,
        document={"id": id, "title": f"path {id}", **more},
    )


def test_a_path_opens_is_fixed_and_opens_again(store, clock):
    assert store.paths.keep([path()], {}).opened == ("p1",)
    clock.wait(1)
    assert store.paths.keep([], {}).fixed == ("p1",)
    assert store.paths.all(None) == ()
    assert store.paths.get(None, "p1").state == "fixed"
    clock.wait(1)
    assert store.paths.keep([path()], {}).opened == ("p1",)

    row = store.paths.get(None, "p1")
    assert (row.state, row.first_seen, row.resolved_at) == ("reopened", NOW, None)
    assert [(one.state, one.count, one.risk) for one in store.paths.history("p1")] == [
        ("fixed", 3, 12.5),
        ("open", 3, 12.5),
    ]


def test_what_did_not_change_is_not_written_again(store, clock):
    store.paths.keep([path()], {})
    clock.wait(1)
    change = store.paths.keep([path()], {})

    assert (change.opened, change.fixed) == ((), ())
    assert store.paths.get(None, "p1").changed_at == NOW
    assert store.paths.history("p1") == ()


def test_a_viewer_sees_a_path_only_if_all_its_scopes_may_be_seen(store):
    store.paths.keep([path("p1", ("a",)), path("p2", ("a", "b"))], {})

    assert [row.id for row in store.paths.all(frozenset({"a"}))] == ["p1"]
    assert {row.id for row in store.paths.all(frozenset({"a", "b"}))} == {"p1", "p2"}
    assert store.paths.get(frozenset({"a"}), "p2") is None
    assert [row.id for row in store.paths.of_node(frozenset({"b", "a"}), "vm")] == ["p1", "p2"]
    assert [row.id for row in store.paths.all(None, scopes=("b",))] == ["p2"]


def test_a_node_has_the_level_of_its_worst_path(store):
    store.paths.keep([path("p1", level=HIGH), path("p2", level=CRITICAL, nodes=("role",))], {})

    assert store.paths.levels() == {"vm": HIGH, "role": CRITICAL}


def test_an_exempted_path_gives_no_level_until_the_exemption_ends(store, clock):
    store.paths.keep([path()], {})
    assert store.paths.exempt("p1", "accepted until the move", NOW + timedelta(hours=2), "a@example.com")

    assert store.paths.levels() == {}
    assert store.paths.get(None, "p1").exemption == "accepted until the move"
    clock.wait(3)
    assert store.paths.levels() == {"vm": HIGH, "role": HIGH}
    assert store.paths.get(None, "p1").exemption == ""
    assert [row.action for row in store.audit.page().rows] == ["attack path exempted"]


def test_the_last_search_is_kept(store):
    assert store.paths.analysis() is None
    store.paths.keep([], {"emptiness": {"entries": 0}})

    assert store.paths.analysis() == (NOW, {"emptiness": {"entries": 0}})


def test_a_purged_scope_leaves_no_path_that_crosses_it(store):
    store.paths.keep([path("p1", ("a", "b"), nodes=("vm",)), path("p2", ("c",), nodes=("web",))], {})
    write(store, collected([bucket("web", "b")], key("b")))
    store.purge("b")

    assert [row.id for row in store.paths.all(None, fixed=True)] == ["p2"]
    assert store.paths.levels() == {"web": HIGH}
    assert store.paths.analysis() is None
