"""Hops of a way: closed comes first, a sliver is not the internet, and what decided is told."""

from poise.policy.answer import Reason, Unread
from poise.policy.intervals import IpSet, PortSet, internet
from poise.policy.reach import Asked, Clause, Decision, End, Hop, any_of, barrier, closed, in_turn, judge, unread_hop
from poise.policy.traffic import Traffic

EVERYONE, EVERY_PORT = IpSet.every(), PortSet.every()
GAP = Unread("sg-1", "denied")


def filtering(cidrs, ports=EVERY_PORT, end=End.SOURCE, name="rule"):
    passed = Traffic.between(ports, IpSet.from_cidrs(cidrs))
    return Hop(end, passed, passed, Reason(f"{name} lets nothing"), lambda: (Clause(Reason(name), True, passed),))


def from_internet(*hops, ports=EVERY_PORT):
    return judge(Asked(internet(), EVERYONE, ports, internet=End.SOURCE), hops)


def from_range(cidr, *hops):
    return judge(Asked(IpSet.from_cidrs((cidr,)), EVERYONE, EVERY_PORT), hops)


def test_two_halves_of_the_internet_are_the_internet():
    assert from_internet(filtering(("0.0.0.0/1", "128.0.0.0/1"))).is_open


def test_half_of_the_internet_is_open():
    assert from_internet(filtering(("0.0.0.0/1",))).is_open


def test_a_list_of_blocked_addresses_closes_nothing():
    left = EVERYONE - IpSet.from_cidrs(("8.8.8.0/24",))
    assert from_internet(filtering(left.cidrs())).is_open


def test_a_few_addresses_are_not_the_internet_and_are_told():
    found = from_internet(filtering(("8.8.8.0/24",)), ports=PortSet.of(22))

    assert found.decision is Decision.CLOSED
    assert found.sources.cidrs() == ("8.8.8.0/24",)
    assert "only 8.8.8.0/24 of the internet gets through, at 22" in [reason.text for reason in found.because]


def test_the_same_few_addresses_get_through_if_they_ask():
    assert from_range("8.8.8.8", filtering(("8.8.8.0/24",))).is_open


def test_what_was_not_read_does_not_matter_behind_a_closed_hop():
    found = from_internet(unread_hop(End.SOURCE, GAP), barrier(End.SOURCE, Reason("no address")))

    assert found.decision is Decision.CLOSED
    assert found.because == (Reason("no address"),)
    assert not found.unread


def test_what_was_not_read_is_named_where_all_else_is_open():
    found = from_internet(unread_hop(End.SOURCE, GAP), filtering(("0.0.0.0/0",)))

    assert found.decision is Decision.UNKNOWN
    assert found.unread == (GAP,)


def test_ports_that_are_open_for_sure_make_it_open_though_others_may_be():
    some = Traffic.between(PortSet.of(22), EVERYONE)
    found = from_internet(Hop(End.SOURCE, some, Traffic.every(), Reason("x"), unread=(GAP,)))

    assert (found.decision, str(found.ports)) == (Decision.OPEN, "22")
    assert found.unread == (GAP,)


def test_families_of_the_ends_have_to_meet():
    v4, v6 = IpSet.from_cidrs(("10.0.0.1",)), IpSet.from_cidrs(("2600::1",))

    assert judge(Asked(v4, v6, EVERY_PORT), ()).decision is Decision.CLOSED
    assert judge(Asked(v4 | v6, v6, EVERY_PORT), ()).is_open


def test_hops_that_close_together_are_all_named():
    one, two = filtering(("10.0.0.0/8",), name="one"), filtering(("11.0.0.0/8",), name="two")
    found = judge(Asked(EVERYONE, EVERYONE, EVERY_PORT), (one, two))

    assert [reason.text for reason in found.because] == ["one lets nothing", "two lets nothing"]


def test_one_way_that_is_open_is_enough_and_one_that_may_be_is_unknown():
    opened, doubtful = from_internet(filtering(("0.0.0.0/0",))), from_internet(unread_hop(End.SOURCE, GAP))
    no = closed("no")

    assert any_of((no, doubtful, opened), no).is_open
    assert any_of((no, doubtful), no).decision is Decision.UNKNOWN
    assert any_of((), no) is no


def test_ways_in_turn_are_as_open_as_the_worst():
    opened, doubtful = from_internet(filtering(("0.0.0.0/0",))), from_internet(unread_hop(End.SOURCE, GAP))

    assert in_turn(opened, closed("no")).decision is Decision.CLOSED
    assert in_turn(doubtful, opened).decision is Decision.UNKNOWN
    assert in_turn(opened, opened).is_open
