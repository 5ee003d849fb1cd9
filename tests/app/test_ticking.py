"""Ticks: digests on time, messages that are tried again, and processes that die in the middle."""

from dataclasses import replace
from datetime import timedelta

import pytest

from poise.app import governing, notifying, ticking
from poise.app.notifying import Sender
from poise.app.ticking import ATTEMPTS, Ticker, wait_of
from poise.app.workspace import open_workspace
from poise.model.errors import PoiseError
from poise.model.governance import OwnerSource
from poise.model.notice import Channel, ChannelKind, DueRow, EventKind, OutboxState, Outgoing
from poise.model.schedule import next_after
from poise.notify.calling import Caller
from poise.notify.delivery import Delivery, MailSecurity, MailServer, NotDelivered
from tests.app.test_governing import ANN, BEN, estate, rule
from tests.notify.servers import Inbox, http_server, smtp_server

__all__ = ["estate"]


class FakeSender:
    """Takes messages, or fails as it is told."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.sent, self.fails = [], []

    def send(self, row):
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(row.message)

    def tickets(self, channel):
        raise NotDelivered("none here")


class Died(BaseException):
    """The process was killed."""


@pytest.fixture
def out(workspace):
    return FakeSender(workspace)


@pytest.fixture
def monday(workspace, estate, clock):
    """Rules that mail, and a clock on the Monday after the findings are overdue: 19 January 2026, 08:00."""
    one = rule(owner=OwnerSource(tag="owner", default=BEN), managers=("boss@example.org",))
    governing.add(workspace, one, "ann")
    ticking.ensure_usual(workspace)
    clock.now = clock.now.replace(day=19, hour=8, minute=0)
    return clock


def tick(workspace, out, **more):
    return Ticker(workspace, out, **more).tick()


def keys(out):
    return sorted((message.key.split(":")[1], message.to) for message in out.sent)


RECEIVERS = [("manager", "boss@example.org"), ("owner", ANN), ("owner", BEN)]


def test_digests_go_to_owners_and_managers_once_a_week(workspace, monday, out):
    found = tick(workspace, out)
    assert found.is_leader
    assert "digest" in found.done
    assert keys(out) == RECEIVERS
    mine = next(message for message in out.sent if message.to == ANN)
    assert mine.notice.subject == "Poise: 1 overdue, 0 on time"
    assert [section.title for section in mine.notice.sections] == ["Overdue"]
    assert "due 2026-01-15" in mine.notice.sections[0].items[0].note
    assert tick(workspace, out).sent == 0
    monday.pass_days(6.9)
    assert tick(workspace, out).sent == 0
    monday.pass_days(0.2)
    assert tick(workspace, out).sent == 3


def test_owners_may_be_left_in_peace(workspace, monday, out):
    governing.add(workspace, rule(notifies_owner=False, owner=OwnerSource(tag="owner")), "ann")
    tick(workspace, out)
    assert [receiver for _, receiver in keys(out)] == []


def test_a_channel_that_listens_gets_the_sums(workspace, monday, out):
    channel = Channel(name="ops", kind=ChannelKind.MAIL, to=("ops@example.org",), events=(EventKind.DIGEST,))
    notifying.set_channel(workspace, channel, "", "ann")
    tick(workspace, out)
    notice = next(message.notice for message in out.sent if message.to == "ops@example.org")
    assert notice.lead.startswith("2 overdue, 0 on time")


def test_a_message_that_does_not_leave_is_tried_again_later_each_time(workspace, monday, out):
    out.fails = [NotDelivered("down")] * 3
    found = tick(workspace, out)
    assert (found.sent, found.failed) == (0, 3)
    assert tick(workspace, out).sent == 0
    monday.now += timedelta(minutes=1)
    assert tick(workspace, out).sent == 3
    assert keys(out) == RECEIVERS


def test_a_receiver_that_is_refused_for_good_is_given_up_and_kept(workspace, monday, out):
    out.fails = [NotDelivered("550 No such user", is_final=True)]
    tick(workspace, out)
    states = {row.state: row.error for row in workspace.store.due.outbox().rows}
    assert states[OutboxState.FAILED] == "550 No such user"
    monday.pass_days(3)
    assert tick(workspace, out).sent == 0


def test_after_many_attempts_a_message_is_given_up(workspace, monday, out):
    channel = Channel(name="ops", kind=ChannelKind.MAIL, to=("ops@example.org",), events=(EventKind.DIGEST,))
    for name in ("digest", "tickets"):
        workspace.store.due.unschedule(name, "ann")
    workspace.store.due.post(notifying.addressed(channel, "x", notice(monday)))
    for _ in range(ATTEMPTS + 3):
        out.fails = [NotDelivered("down")]
        tick(workspace, out)
        monday.now += timedelta(hours=6)
    row = next(row for row in workspace.store.due.outbox().rows if row.message.channel == "ops")
    assert (row.state, row.attempts) == (OutboxState.FAILED, ATTEMPTS)


def notice(clock):
    from poise.model.notice import Notice

    return Notice(event=EventKind.TEST, subject="s", lead="l", made_at=clock())


def test_waits_grow_to_six_hours_and_heed_the_receiver():
    waits = [wait_of(n) for n in range(1, 8)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=6))
    assert wait_of(1, 1800) == timedelta(minutes=30)


@pytest.mark.parametrize("at", ["before digest", "after digest", "while sending", "after sending"])
def test_a_tick_that_is_killed_loses_nothing(workspace, monday, out, at, monkeypatch):
    due = workspace.store.due
    real = {"done": due.done, "claim": due.claim, "sent": due.sent}

    def die(*arguments, **more):
        raise Died

    def send_then_die(row):
        FakeSender.send(out, row)
        raise Died

    if at == "before digest":
        monkeypatch.setattr(due, "done", die)
    elif at == "after digest":
        monkeypatch.setattr(due, "claim", die)
    elif at == "while sending":
        monkeypatch.setattr(out, "send", die)
    else:
        monkeypatch.setattr(out, "send", send_then_die)
    ticker = Ticker(workspace, out)
    monkeypatch.setattr(due, "step_down", lambda *names: None)  # a killed process gives nothing back
    with pytest.raises(Died):
        ticker.tick()
    monkeypatch.undo()
    assert real["done"].__self__ is due
    assert not tick(workspace, out).is_leader
    monday.now += timedelta(minutes=16)
    assert tick(workspace, out).is_leader
    monday.now += timedelta(minutes=16)
    tick(workspace, out)
    assert set(keys(out)) == set(RECEIVERS)
    twice = len(out.sent) - len(set(keys(out)))
    # What was sent but not yet written so is sent again with the same key, by which its receiver can tell.
    assert twice == (1 if at == "after sending" else 0)
    assert len({message.key for message in out.sent}) == 3


def test_of_two_processes_one_works(workspace, monday, out, tmp_path, clock):
    with open_workspace(tmp_path / "poise.db", clock=clock) as other:
        inside = []

        class Slow(FakeSender):
            def send(self, row):
                inside.append(Ticker(other, FakeSender(other)).tick().is_leader)
                super().send(row)

        tick(workspace, Slow(workspace))
    assert inside == [False, False, False]


def test_a_clock_that_goes_back_sends_nothing_twice(workspace, monday, out):
    tick(workspace, out)
    monday.now -= timedelta(days=2)
    assert tick(workspace, out).sent == 0
    monday.now += timedelta(days=2)
    assert tick(workspace, out).sent == 0


def test_after_a_clock_that_went_years_ahead_digests_leave_on_their_days(workspace, monday, out):
    right = monday.now
    monday.now = right.replace(year=2038)
    tick(workspace, out)
    out.sent.clear()
    monday.now = right + timedelta(minutes=1)
    tick(workspace, out)
    assert keys(out) == []
    monday.now = right + timedelta(days=7)
    tick(workspace, out)
    assert keys(out) == RECEIVERS


def test_a_message_that_a_wrong_clock_put_off_leaves_at_once(workspace, monday, out):
    right = monday.now
    workspace.store.due.post([Outgoing(key="one", channel="", to=ANN, notice=notice(monday))])
    monday.now = right.replace(year=2038)
    out.fails = [NotDelivered("down") for _ in range(9)]
    tick(workspace, out)
    out.fails.clear()
    monday.now = right - timedelta(hours=1)  # before the weekly digest
    tick(workspace, out)
    assert [message.key for message in out.sent if message.key == "one"] == ["one"]


def test_who_led_by_a_wrong_clock_and_died_leads_no_longer(workspace, monday, out):
    right = monday.now
    monday.now = right.replace(year=2038)
    assert workspace.store.due.lead("tick", "dead", 900)
    monday.now = right
    assert tick(workspace, out).is_leader


def test_clocks_of_two_machines_may_differ_a_little(workspace, monday, out):
    ahead = monday.now
    assert workspace.store.due.lead("tick", "alive", 900)
    monday.now = ahead - timedelta(minutes=5)
    assert not tick(workspace, out).is_leader


def test_a_clock_that_jumps_a_month_makes_up_for_one_digest(workspace, monday, out):
    monday.pass_days(35)
    tick(workspace, out)
    assert keys(out) == RECEIVERS


def test_scheduled_work_is_done_by_who_can_and_its_fault_is_kept(workspace, monday, out):
    row = DueRow(
        name="nightly",
        kind="scan",
        schedule="daily 03:00",
        body=["aws"],
        next_at=next_after("daily 03:00", monday() - timedelta(days=1)),
        last_at=None,
        error="",
    )
    workspace.store.due.schedule(row, "ann")
    did = []
    assert "nightly" in tick(workspace, out, jobs={"scan": lambda row: did.append(row.body)}).done
    assert did == [["aws"]]

    def fails(row):
        raise PoiseError("Nobody is signed in.")

    monday.pass_days(1)
    assert tick(workspace, out, jobs={"scan": fails}).errors == ("nightly: Nobody is signed in.",)
    kept = next(one for one in workspace.store.due.schedules() if one.name == "nightly")
    assert kept.error == "Nobody is signed in."
    assert kept.next_at > monday()


def test_without_a_mail_server_it_is_said(workspace, monday):
    found = Ticker(workspace, Sender(workspace)).tick()
    assert found.failed == 3
    assert "No mail server is set" in workspace.store.due.outbox().rows[0].error


def test_through_real_servers_what_is_refused_waits_and_then_arrives(workspace, monday):
    with smtp_server(Inbox({ANN: ["450 Greylisted"]})) as inbox, http_server() as hook:
        server = MailServer("127.0.0.1", inbox.port, MailSecurity.NONE, "poise@example.org")
        workspace.delivery = Delivery(server, ("127.0.0.1",))
        channel = Channel(name="hook", kind=ChannelKind.WEBHOOK, url=hook.url, events=(EventKind.DIGEST,))
        notifying.set_channel(workspace, channel, "shared", "ann")
        out = Sender(workspace, Caller(("127.0.0.1",)))
        first = Ticker(workspace, out).tick()
        assert (first.sent, first.failed) == (3, 1)
        monday.now += timedelta(minutes=2)
        assert Ticker(workspace, out).tick().sent == 1
    assert sorted(receivers[0] for _, receivers, _ in inbox.mails) == [ANN, BEN, "boss@example.org"]
    assert hook.requests[0].headers["poise-signature"].startswith("v1=")


@pytest.mark.parametrize("to", ["a..b@example.org", "ann@", "=?utf-8?q?a?=@example.org", "\x00@example.org", ""])
def test_an_address_that_no_mail_can_bear_does_not_hold_up_the_rest(workspace, monday, to):
    with smtp_server(Inbox()) as inbox:
        server = MailServer(host="127.0.0.1", port=inbox.port, security=MailSecurity.NONE, sender="poise@example.org")
        settled = replace(workspace, delivery=Delivery(mail=server))
        workspace.store.due.post([Outgoing(key="x", channel="", to=to, notice=notice(monday))])
        result = tick(settled, Sender(settled))
    assert (result.failed, result.sent > 0) == (1, True)
    states = {row.message.to: row.state for row in workspace.store.due.outbox().rows}
    assert states.pop(to) is OutboxState.FAILED
    assert set(states.values()) == {OutboxState.SENT}


def test_a_channel_may_bear_any_letters(workspace, monday):
    with http_server() as hook:
        caller = Caller(("127.0.0.1",))
        allowed = replace(workspace, delivery=Delivery(allowed=("127.0.0.1",)))
        made = Channel(name="straße", kind=ChannelKind.WEBHOOK, url=hook.url)
        notifying.set_channel(allowed, made, "", "ann")
        workspace.store.due.post(notifying.addressed(made, "x", notice(monday)))
        tick(workspace, Sender(workspace, caller))
    assert [one.headers["poise-delivery"] for one in hook.requests] == ["x:stra%C3%9Fe:"]
