"""Work that is due and messages that wait, on both databases: nothing twice, nothing lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from poise.model.notice import DueRow, EventKind, Notice, OutboxState, Outgoing
from poise.store import Store


def message(clock, key="k"):
    notice = Notice(event=EventKind.TEST, subject="s", lead="l", made_at=clock())
    return Outgoing(key=key, channel="", to="ann@example.org", notice=notice)


def work(clock, name="digest", **changes):
    values = {"kind": name, "schedule": "daily 03:00", "body": ["aws"], "last_at": None, "error": ""}
    return DueRow(**({"name": name, "next_at": clock()} | values | changes))


def test_one_leads_until_it_steps_down_or_its_time_is_over(store: Store, clock):
    due = store.due
    assert due.lead("tick", "a", 60)
    assert due.lead("tick", "a", 60)
    assert not due.lead("tick", "b", 60)
    clock.move(seconds=61)
    assert due.lead("tick", "b", 60)
    assert not due.lead("tick", "a", 60)
    due.step_down("tick", "a")
    assert not due.lead("tick", "a", 60)
    due.step_down("tick", "b")
    assert due.lead("tick", "a", 60)


def test_of_many_that_begin_at_once_one_leads(open_store):
    stores = [open_store() for _ in range(2)]
    start = threading.Barrier(6)

    def lead(number: int) -> bool:
        start.wait(20)
        return stores[number % 2].due.lead("tick", f"holder {number}", 60)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lead, range(6))) == 1


def test_work_is_done_once_with_its_messages(store: Store, clock):
    store.due.schedule(work(clock), "ann")
    row = store.due.waiting()[0]
    assert row.body == ["aws"]
    later = clock() + timedelta(days=1)
    assert store.due.done(row, later, [message(clock)])
    assert not store.due.done(row, later, [message(clock, "other")])
    assert [each.message.key for each in store.due.outbox().rows] == ["k"]
    assert store.due.waiting() == ()
    assert store.due.schedules()[0].next_at == later


def test_a_message_is_kept_once(store: Store, clock):
    store.due.post([message(clock), message(clock)])
    store.due.post([message(clock)])
    assert store.due.outbox().total == 1


def test_a_message_is_claimed_by_one_and_comes_back_if_nobody_says_that_it_was_sent(store: Store, clock):
    store.due.post([message(clock)])
    claimed = store.due.claim(10)
    assert [row.attempts for row in claimed] == [1]
    assert store.due.claim(10) == ()
    clock.move(minutes=11)
    again = store.due.claim(10)
    assert [(row.number, row.attempts) for row in again] == [(claimed[0].number, 2)]
    store.due.sent(again[0].number)
    clock.move(days=1)
    assert store.due.claim(10) == ()
    assert store.due.outbox().rows[0].state is OutboxState.SENT


def test_a_message_that_was_given_up_is_sent_again_by_hand(store: Store, clock):
    store.due.post([message(clock)])
    number = store.due.claim(1)[0].number
    store.due.not_sent(number, "550 No such user", None)
    row = store.due.outbox().rows[0]
    assert (row.state, row.error) == (OutboxState.FAILED, "550 No such user")
    assert store.due.claim(1) == ()
    assert store.due.retry(number, "ann")
    assert store.due.claim(1)[0].attempts == 1
    store.due.sent(number)
    assert not store.due.retry(number, "ann")


def test_work_is_removed_and_each_change_is_audited(store: Store, clock):
    store.due.schedule(work(clock), "ann")
    assert store.due.unschedule("digest", "ben")
    assert not store.due.unschedule("digest", "ben")
    assert [(row.actor, row.action) for row in store.audit.page().rows] == [
        ("ben", "schedule removed"),
        ("ann", "schedule set"),
    ]


@pytest.mark.parametrize("count", [0, 3])
def test_claims_are_limited(store: Store, clock, count):
    store.due.post([message(clock, str(n)) for n in range(5)])
    assert len(store.due.claim(count)) == count
