"""The form in which scripts get an answer about the network."""

from poise.app.network import reach_json
from poise.policy.answer import Reason, Unread
from poise.policy.intervals import IpSet, PortSet, internet
from poise.policy.reach import Decision, Reach


def test_an_answer_names_rules_ports_and_ranges():
    found = Reach(
        decision=Decision.OPEN,
        because=(Reason("lets it in", 3, source="sg-1"),),
        ports=PortSet.of(22, (80, 90)),
        sources=IpSet.from_cidrs(("8.8.8.0/24",)),
        targets=IpSet.from_cidrs(("10.0.0.1/32",)),
        unread=(Unread("acl-1", "denied"),),
    )

    assert reach_json(found) == {
        "decision": "open",
        "because": [{"text": "lets it in", "source": "sg-1", "rule": 3}],
        "protocol": "tcp",
        "ports": ["22", "80-90"],
        "sources": ["8.8.8.0/24"],
        "targets": ["10.0.0.1/32"],
        "unread": [{"input": "acl-1", "reason": "denied"}],
    }


def test_the_whole_internet_is_one_range_of_each_family():
    assert reach_json(Reach(decision=Decision.OPEN, sources=internet()))["sources"] == ["0.0.0.0/0", "::/0"]


def test_a_closed_answer_has_no_ports():
    assert reach_json(Reach(decision=Decision.CLOSED))["ports"] == []
