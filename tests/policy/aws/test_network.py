"""Security groups and network ACLs by exact sets."""

import msgspec
import pytest

from poise.model.errors import BadInput, NotCollected
from poise.policy.aws import network
from poise.policy.intervals import IpSet, PortSet, internet


class Rule(msgspec.Struct):
    protocol: str = "tcp"
    from_port: int | None = None
    to_port: int | None = None
    cidrs_v4: tuple[str, ...] = ()
    cidrs_v6: tuple[str, ...] = ()
    prefix_lists: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class Entry(msgspec.Struct):
    number: int
    action: str
    cidr: str = "0.0.0.0/0"
    protocol: str = "-1"
    from_port: int | None = None
    to_port: int | None = None


def ports(first, last, *cidrs, protocol="tcp"):
    v6 = tuple(c for c in cidrs if ":" in c)
    return Rule(protocol, first, last, tuple(c for c in cidrs if ":" not in c), v6)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([ports(22, 22, "0.0.0.0/0")], (22,)),
        ([ports(22, 22, "0.0.0.0/1"), ports(22, 22, "128.0.0.0/1")], (22,)),
        ([ports(0, 100, "0.0.0.0/1"), ports(22, 3389, "128.0.0.0/1")], (22,)),
        ([ports(22, 22, "0.0.0.0/1")], ()),
        ([ports(22, 22, "0.0.0.0/1"), ports(23, 23, "128.0.0.0/1")], ()),
        ([ports(20, 25, "::/0")], (22,)),
        ([ports(20, 25, "::/1", "8000::/1")], (22,)),
        ([ports(22, 22, "0.0.0.0/1", "8000::/1")], ()),
        ([ports(22, 22, "0.0.0.0/0", protocol="udp")], ()),
        ([ports(22, 22, "0.0.0.0/0", protocol="6")], (22,)),
        ([ports(22, 22, "0.0.0.0/0", protocol="TCP")], (22,)),
        ([ports(None, None, "0.0.0.0/0", protocol="-1")], (22, 3389)),
        ([ports(-1, -1, "0.0.0.0/0", protocol="-1")], (22, 3389)),
        ([ports(0, 65535, "0.0.0.0/0")], (22, 3389)),
        ([ports(None, None, "0.0.0.0/0")], (22, 3389)),
        ([ports(8, -1, "0.0.0.0/0", protocol="icmp")], ()),
        ([ports(22, 22, "198.51.100.0/22")], ()),
        ([ports(22, 22, "10.0.0.0/8")], ()),
        ([Rule("-1", groups=("sg-1",))], ()),
        ([], ()),
    ],
)
def test_ports_that_the_whole_internet_reaches(rules, expected):
    assert network.internet_ports(rules, [3389, 22]) == expected
    assert network.internet_ports(rules[::-1], (22, 3389, 22)) == expected


def test_udp_is_asked_for_by_name():
    rules = [ports(53, 53, "0.0.0.0/0", protocol="17")]
    assert network.internet_ports(rules, [53], "udp") == (53,)
    assert network.internet_ports(rules, [53]) == ()


def test_open_ports_are_given_by_protocol_and_family():
    rules = [ports(0, 100, "0.0.0.0/1"), ports(50, 200, "128.0.0.0/1"), ports(443, 443, "::/0")]
    assert network.open_to_internet(rules) == {"tcp": {4: PortSet.of((50, 100)), 6: PortSet.of(443)}}


def test_all_protocols_are_shown_as_such_and_for_those_with_ports():
    found = network.open_to_internet([ports(None, None, "0.0.0.0/0", protocol="-1")])
    assert set(found) == {"-1", "tcp", "udp"}
    assert found["udp"][4].is_everything()
    assert not found["udp"][6]


def test_icmp_has_no_ports():
    found = network.open_to_internet([ports(8, -1, "0.0.0.0/0", protocol="icmp")])
    assert set(found) == {"icmp"}


def test_a_prefix_list_that_was_not_read_is_unknown_only_where_it_matters():
    listed = Rule("tcp", 22, 22, prefix_lists=("pl-1",))
    with pytest.raises(NotCollected, match="pl-1"):
        network.internet_ports([listed], [22])
    assert network.internet_ports([listed, ports(22, 22, "0.0.0.0/0")], [22]) == (22,)
    assert network.internet_ports([listed], [3389]) == ()
    assert network.internet_ports([listed], [22], prefix_lists={"pl-1": ["0.0.0.0/0"]}) == (22,)
    assert network.internet_ports([listed], [22], prefix_lists={"pl-1": ["52.0.0.0/8"]}) == ()


def test_sources_add_up():
    rules = [ports(1, 100, "10.0.0.0/9"), ports(22, 22, "10.128.0.0/9"), ports(23, 23, "::/0")]
    assert network.sources(rules, 22).cidrs() == ("10.0.0.0/8",)
    assert network.deciding_rules([*rules, ports(22, 22, "8.0.0.0/8")], 22) == (ports(22, 22, "8.0.0.0/8"),)


@pytest.mark.parametrize("rule", [ports(22, 22, "nonsense"), ports(70000, 70001, "0.0.0.0/0"), ports(9, 3, "::/0")])
def test_an_impossible_rule_is_named(rule):
    with pytest.raises(BadInput):
        network.open_to_internet([rule])


def test_many_narrow_rules_are_added_up_in_bounded_time():
    halves = ["0.0.0.0/1", "128.0.0.0/1"]
    rules = [ports(n, 65000, halves[n % 2]) for n in range(1000)]
    assert network.open_to_internet(rules)["tcp"][4] == PortSet.of((1, 65000))


SSH = {"protocol": "6", "from_port": 22, "to_port": 22}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([Entry(90, "deny", **SSH), Entry(100, "allow")], False),
        ([Entry(110, "deny", **SSH), Entry(100, "allow")], True),
        ([Entry(100, "allow", "10.0.0.0/8")], False),
        ([Entry(90, "deny", "10.0.0.0/8"), Entry(100, "allow")], True),
        ([Entry(90, "deny", "8.8.8.8/32"), Entry(100, "allow")], False),
        ([Entry(100, "allow", "0.0.0.0/1"), Entry(101, "allow", "128.0.0.0/1")], True),
        ([Entry(100, "allow", "::/0")], True),
        ([Entry(100, "allow", protocol="17")], False),
        ([Entry(100, "ALLOW", **SSH), Entry(32767, "deny")], True),
        ([Entry(32767, "deny")], False),
        ([], False),
    ],
)
def test_the_lowest_number_that_matches_wins(entries, expected):
    assert network.nacl_allows(entries, "tcp", PortSet.of(22), internet()) is expected
    assert network.nacl_allows(entries[::-1], "tcp", PortSet.of(22), internet()) is expected


def test_one_open_port_of_a_range_is_enough():
    entries = [Entry(90, "deny", protocol="6", from_port=0, to_port=1023), Entry(100, "allow")]
    assert network.nacl_allows(entries, "tcp", PortSet.of((1000, 2000)), internet())
    assert not network.nacl_allows(entries, "tcp", PortSet.of((1000, 1023)), internet())


def test_admitted_addresses_are_exact():
    entries = [
        Entry(90, "deny", "10.0.0.0/9"),
        Entry(100, "allow", "10.0.0.0/8"),
        Entry(200, "allow", "10.0.0.0/10"),
    ]
    assert network.nacl_admits(entries, "tcp", 22).cidrs() == ("10.128.0.0/9",)
    assert network.nacl_allows(entries, "tcp", PortSet.of(22), IpSet.from_cidrs(["10.200.0.0/16"]))
