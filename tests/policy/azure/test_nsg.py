"""Network security groups: priority, spellings, both groups, what is left after denials."""

import pytest

from poise.model.errors import NotCollected
from poise.model.samples.azure_network import DEFAULT_RULES, rule
from poise.policy.azure import nsg
from poise.policy.azure.nsg import Target
from poise.policy.intervals import PortSet

SSH = {"destination_ports": ("22",)}


def ports(*rules, asked=(22, 3389), **options):
    return nsg.internet_ports([(*rules, *DEFAULT_RULES)], asked, **options)


@pytest.mark.parametrize("source", ["*", "0.0.0.0/0", "Internet", "INTERNET", "Any", "any", "::/0"])
def test_every_spelling_of_anywhere_is_open(source):
    assert ports(rule("a", 100, source_prefixes=(source,), **SSH)) == (22,)


@pytest.mark.parametrize("protocol", ["*", "Tcp", "TCP", "tcp", "Any", "6"])
def test_every_spelling_of_tcp_is_open(protocol):
    assert ports(rule("a", 100, protocol=protocol, **SSH)) == (22,)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("22", (22,)), ("22-22", (22,)), ("20-25", (22,)), ("*", (22, 3389)), ("0-65535", (22, 3389)), ("23-3388", ())],
)
def test_port_ranges_are_understood(written, expected):
    assert ports(rule("a", 100, destination_ports=(written,))) == expected


def test_rule_with_several_ports_and_sources_opens_each():
    sources = ("10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1")

    assert ports(rule("a", 100, source_prefixes=sources, destination_ports=("80", "22", "3380-3390"))) == (22, 3389)


def test_icmp_rule_with_any_port_opens_no_tcp_port():
    assert ports(rule("ping", 100, protocol="Icmp", destination_ports=("*",))) == ()


def test_lowest_priority_number_decides():
    deny, allow = rule("deny", 100, access="Deny", **SSH), rule("allow", 200, **SSH)
    first, late = rule("allow", 100, **SSH), rule("deny", 200, access="Deny", **SSH)

    assert ports(allow, deny) == ()
    assert ports(late, first) == (22,)


def test_denial_by_the_tag_internet_beats_a_later_permission_for_anywhere():
    assert (
        ports(rule("deny", 100, access="Deny", source_prefixes=("Internet",), **SSH), rule("allow", 200, **SSH)) == ()
    )


def test_two_halves_of_the_internet_in_two_rules_are_open():
    low = rule("low", 100, source_prefixes=("0.0.0.0/1",), **SSH)
    high = rule("high", 110, source_prefixes=("128.0.0.0/1",), **SSH)

    assert ports(low, high) == (22,)
    assert ports(low) == ()


@pytest.mark.parametrize("source", ["VirtualNetwork", "AzureLoadBalancer", "AzureCloud", "Storage.WestEurope"])
def test_service_tags_other_than_internet_are_not_the_internet(source):
    assert ports(rule("a", 100, source_prefixes=(source,), **SSH)) == ()


def test_a_few_blocked_addresses_before_allow_all_close_nothing():
    blocked = rule("block", 100, access="Deny", source_prefixes=("45.9.148.0/24", "AzureCloud"), **SSH)

    assert ports(blocked, rule("allow", 200, **SSH)) == (22,)


def test_denying_all_but_one_public_network_closes():
    deny = rule(
        "block",
        100,
        access="Deny",
        source_prefixes=("0.0.0.0/2", "64.0.0.0/3", "96.0.0.0/4", "112.0.0.0/5", "120.0.0.0/6", "125.0.0.0/8",
                         "126.0.0.0/7", "128.0.0.0/1", "::/0"),
        **SSH,
    )  # fmt: skip
    # What is left is 124.0.0.0/8: at the bound, the last size that counts as wide.
    assert ports(deny, rule("allow", 200, **SSH)) == (22,)
    narrow = rule("more", 110, access="Deny", source_prefixes=("124.0.0.0/9",), **SSH)
    assert ports(deny, narrow, rule("allow", 200, **SSH)) == ()


def test_denial_for_chosen_source_ports_stops_nobody():
    deny = rule("deny", 100, access="Deny", source_ports=("1024-2048",), **SSH)

    assert ports(deny, rule("allow", 200, **SSH)) == (22,)


def test_outbound_rules_do_not_count():
    assert ports(rule("out", 100, direction="Outbound", **SSH)) == ()


def test_rules_from_application_groups_are_not_from_the_internet():
    assert ports(rule("a", 100, source_prefixes=(), source_groups=("/asg/web",), **SSH)) == ()


def test_default_rules_alone_let_nobody_in():
    assert nsg.open_ports([DEFAULT_RULES]) == PortSet()


def test_both_groups_must_allow():
    opened = (rule("a", 100, **SSH), *DEFAULT_RULES)
    narrow = (rule("a", 100, source_prefixes=("198.51.100.0/24",), **SSH), *DEFAULT_RULES)

    assert nsg.internet_ports([opened, opened], [22]) == (22,)
    assert nsg.internet_ports([opened, DEFAULT_RULES], [22]) == ()
    assert nsg.internet_ports([opened, narrow], [22]) == ()


def test_no_group_at_all_is_not_judged_here():
    assert nsg.internet_ports([], [22]) == ()


def test_destinations_are_matched_for_a_known_machine():
    mine = Target(("10.0.1.4",), ("/asg/web",))
    other = rule("other", 100, destination_prefixes=("10.0.2.0/24",), **SSH)
    subnet = rule("subnet", 100, destination_prefixes=("10.0.1.0/24",), **SSH)
    group = rule("group", 100, destination_prefixes=(), destination_groups=("/asg/web",), **SSH)
    deny_me = rule("deny", 90, access="Deny", destination_prefixes=("10.0.1.4",), **SSH)

    assert ports(other, target=mine) == ()
    assert ports(subnet, target=mine) == (22,)
    assert ports(group, target=mine) == (22,)
    assert ports(deny_me, subnet, target=mine) == ()


def test_without_a_machine_denials_for_some_destinations_close_nothing():
    deny_one = rule("deny", 90, access="Deny", destination_prefixes=("10.0.1.4",), **SSH)

    assert ports(deny_one, rule("allow", 100, **SSH)) == (22,)
    assert ports(rule("one", 100, destination_prefixes=("10.0.1.4",), **SSH)) == (22,)


def test_all_open_ports_are_named():
    rules = [
        rule("a", 100, destination_ports=("80", "443-445")),
        rule("b", 90, access="Deny", destination_ports=("444",)),
    ]

    assert str(nsg.open_ports([(*rules, *DEFAULT_RULES)])) == "80, 443, 445"


def test_deciding_rules_are_those_that_let_the_internet_in():
    rules = (rule("web", 100), rule("ssh", 110, **SSH), rule("vnet", 120, source_prefixes=("VirtualNetwork",), **SSH))

    assert nsg.deciding_rules([(*rules, *DEFAULT_RULES)], 22) == ("ssh",)


@pytest.mark.parametrize(
    "broken",
    [{"destination_ports": ("twenty",)}, {"destination_ports": ("90000",)}, {"source_prefixes": ("1.2.3/99",)}],
)
def test_rule_that_cannot_be_understood_is_named(broken):
    with pytest.raises(NotCollected, match="rule odd cannot be understood"):
        ports(rule("odd", 100, **({"destination_ports": ("22",)} | broken)))


def test_group_at_the_limits_of_azure_is_judged_in_bounded_work():
    # 1,000 rules and 4,000 addresses and port ranges are the most that a group may hold.
    rules = [
        rule(
            f"r{i}",
            100 + i,
            access="Deny" if i % 2 else "Allow",
            source_prefixes=(f"{i % 223 + 1}.{i % 256}.0.0/16", f"45.{i % 256}.{i // 256}.0/24"),
            destination_ports=(f"{i * 60}-{i * 60 + 30}", f"{i * 60 + 40}"),
        )
        for i in range(1000)
    ]

    assert nsg.open_ports([(*rules, rule("all", 4000, destination_ports=("443",)), *DEFAULT_RULES)]) == PortSet.of(443)
