"""Tickets in Jira and ServiceNow, against stand-ins that hold to the vendors' contracts: two-way, and never twice."""

import pytest

from poise.app import governing, notifying, queries, ticking_tickets
from poise.app.notifying import Sender
from poise.model.errors import UsageError
from poise.model.notice import Channel, ChannelKind
from poise.notify.calling import Caller
from poise.notify.delivery import Delivery, NotDelivered
from tests.app.conftest import bucket
from tests.app.test_governing import ANN, estate, one_id, rule, run
from tests.notify.servers import http_server
from tests.notify.stand_ins import JiraStandIn, ServiceNowStandIn, basic

__all__ = ["estate"]
LOOPBACK = ("127.0.0.1",)


@pytest.fixture(params=["jira cloud", "jira server", "servicenow"])
def desk(request, workspace, estate):
    """A channel, the stand-in behind it, and a sender."""
    workspace.delivery = Delivery(allowed=LOOPBACK, pages="https://poise.example.org")
    if request.param == "servicenow":
        stand_in = ServiceNowStandIn(basic("poise", "s3cret"))
        kind, options = ChannelKind.SERVICENOW, {"user": "poise"}
    else:
        cloud = request.param == "jira cloud"
        stand_in = JiraStandIn("3" if cloud else "2", basic("ann@example.org", "s3cret") if cloud else "Bearer s3cret")
        kind, options = ChannelKind.JIRA, {"project": "SEC", "version": stand_in.version}
        options |= {"user": "ann@example.org"} if cloud else {}
    with http_server(stand_in.answer) as server:
        channel = Channel(name="desk", kind=kind, url=server.url, options=options)
        notifying.set_channel(workspace, channel, "s3cret", "ann")
        yield Desk(workspace, stand_in, Sender(workspace, Caller(LOOPBACK)), server)


class Desk:
    def __init__(self, workspace, stand_in, out, server):
        self.workspace, self.stand_in, self.out, self.server = workspace, stand_in, out, server

    @property
    def count(self):
        held = self.stand_in
        return len(held.issues if isinstance(held, JiraStandIn) else held.rows)

    def is_done(self):
        held = self.stand_in
        if isinstance(held, JiraStandIn):
            return held.issues["SEC-1"]["status"][1] == "done"
        return held.rows[0]["state"] in ("6", "7")

    def remarks(self):
        held = self.stand_in
        return held.issues["SEC-1"]["comments"] if isinstance(held, JiraStandIn) else held.rows[0]["notes"]

    def close_by_hand(self):
        held = self.stand_in
        if isinstance(held, JiraStandIn):
            held.issues["SEC-1"]["status"] = ("Done", "done")
        else:
            held.rows[0]["state"] = "7"

    def make(self, id):
        return ticking_tickets.open_ticket(self.workspace, self.out, "desk", id, "ann")

    def sync(self):
        return ticking_tickets.sync(self.workspace, self.out)

    def kept(self):
        return self.workspace.store.channels.tickets()[0]


def test_a_ticket_says_what_is_wrong_and_is_made_once(desk):
    id = one_id(desk.workspace)
    made = desk.make(id)
    assert made.number in ("SEC-1", "INC0000001")
    assert made.link.startswith(desk.server.url)
    assert not made.is_closed
    assert desk.make(id) == made
    assert desk.count == 1


def test_a_ticket_that_was_made_before_a_crash_is_found_again(desk):
    id = one_id(desk.workspace)
    found = queries.finding(desk.workspace, id)
    system = desk.out.tickets(notifying.channel(desk.workspace, "desk"))
    system.create(ticking_tickets._wanted(desk.workspace, found))  # and the process dies before it is kept
    desk.make(id)
    assert desk.count == 1


def test_a_fixed_finding_closes_its_ticket_and_coming_back_opens_it(desk, estate, clock):
    desk.make(one_id(desk.workspace))
    clock.pass_days(1)
    estate.buckets[0] = bucket("a")
    run(desk.workspace, estate)
    assert desk.sync() == []
    assert desk.is_done()
    assert (desk.kept().is_closed, desk.kept().told) == (True, "fixed")
    assert len(desk.remarks()) == 1
    assert desk.sync() == []
    assert len(desk.remarks()) == 1
    clock.pass_days(1)
    estate.buckets[0] = bucket("a", versioning=None)
    run(desk.workspace, estate)
    assert desk.sync() == []
    assert not desk.is_done()
    assert desk.kept().told == "open"
    assert len(desk.remarks()) == 2


def test_a_ticket_that_is_closed_by_hand_is_noted_and_the_finding_stays_open(desk):
    id = one_id(desk.workspace)
    desk.make(id)
    desk.close_by_hand()
    assert desk.sync() == []
    assert desk.kept().is_closed
    assert queries.finding_row(desk.workspace, id).resolved_at is None
    actions = [row.action for row in desk.workspace.store.audit.page().rows]
    assert actions.count("ticket closed while the finding is open") == 1
    desk.sync()
    assert [row.action for row in desk.workspace.store.audit.page().rows] == actions


def test_a_ticket_that_was_closed_already_is_not_closed_twice(desk, estate, clock):
    desk.make(one_id(desk.workspace))
    desk.close_by_hand()
    clock.pass_days(1)
    estate.buckets[0] = bucket("a")
    run(desk.workspace, estate)
    desk.sync()
    assert desk.remarks() == []
    assert desk.kept().told == "fixed"


def test_a_system_that_is_down_loses_nothing(desk, estate, clock):
    desk.make(one_id(desk.workspace))
    estate.buckets[0] = bucket("a")
    clock.pass_days(1)
    run(desk.workspace, estate)
    desk.stand_in.down = True
    assert desk.sync()
    assert desk.kept().told == "open"
    desk.stand_in.down = False
    assert desk.sync() == []
    assert desk.is_done()


def test_rules_make_tickets(desk):
    governing.add(desk.workspace, rule(ticket="desk"), ANN)
    assert desk.sync() == []
    assert desk.count == 2
    desk.sync()
    assert desk.count == 2


def test_wrong_credentials_are_said_without_them(desk):
    channel = notifying.channel(desk.workspace, "desk")
    notifying.set_channel(desk.workspace, channel, "wr0ng", "ann")
    with pytest.raises(NotDelivered) as refused:
        desk.make(one_id(desk.workspace))
    assert "401" in str(refused.value)
    assert "wr0ng" not in str(refused.value)


def test_a_removed_ticket_is_noted(desk):
    desk.make(one_id(desk.workspace))
    held = desk.stand_in
    held.issues.clear() if isinstance(held, JiraStandIn) else held.rows.clear()
    assert desk.sync() == []
    assert desk.kept().status == "removed"


def test_a_rule_names_a_channel_that_there_is(workspace, estate):
    with pytest.raises(UsageError, match="no channel 'desk' that makes tickets"):
        governing.add(workspace, rule(ticket="desk"), "ann")
