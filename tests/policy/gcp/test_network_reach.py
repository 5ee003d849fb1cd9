"""Firewalls of Google Cloud in their order, and ways from outside, out, and between."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.policy.gcp.network_objects import (
    FirewallPolicy,
    FirewallRule,
    ForwardingRule,
    Interface,
    Network,
    PolicyRule,
)
from poise.policy.gcp.reach import Ground, reach_between, reach_from_outside, reach_to_outside
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Networks, the_internet

SSH = [{"IPProtocol": "tcp", "ports": ["22"]}]
WEB = Interface(
    name="web",
    network="shop",
    addresses=("10.0.0.5",),
    external=("8.8.4.4",),
    tags=("web",),
    service_account="web@shop",
    secure_tags=("tagValues/1",),
)
DB = Interface(name="db", network="shop", addresses=("10.0.0.6",), tags=("db",))


def rule(name="rule", **fields):
    return msgspec.convert({"name": name, "network": "shop", **fields}, FirewallRule)


def policy(*rules, name="policy"):
    return FirewallPolicy(name, tuple(msgspec.convert(one, PolicyRule) for one in rules))


def line(priority, action, ranges=("0.0.0.0/0",), ports=("22",), **fields):
    match = {"layer4Configs": [{"ipProtocol": "tcp", "ports": list(ports)}], "srcIpRanges": list(ranges)}
    match |= fields.pop("match", {})
    return {"priority": priority, "action": action, "match": match, **fields}


def network(*rules, **more):
    return Network(**({"name": "shop", "hierarchical": (), "rules": rules, "has_internet_route": True} | more))


def ground(*rules, forwarding=(), **more):
    return Ground({"shop": network(*rules, **more)}, forwarding)


def outside(here, target=WEB, port=22, protocol="tcp", source=None):
    return reach_from_outside(here, source or the_internet(), target, PortSet.of(port), protocol).decision.value


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), "closed"),
        ((rule(allowed=SSH),), "open"),
        ((rule(allowed=SSH, sourceRanges=["0.0.0.0/0"]),), "open"),
        (
            (rule(allowed=SSH, sourceRanges=["0.0.0.0/1"]), rule("two", allowed=SSH, sourceRanges=["128.0.0.0/1"])),
            "open",
        ),
        ((rule(allowed=SSH, sourceRanges=["8.8.8.0/24"]),), "closed"),
        # Source tags without ranges are for machines of the network alone.
        ((rule(allowed=SSH, sourceTags=["web"]),), "closed"),
        ((rule(allowed=SSH, sourceTags=["web"], sourceRanges=["0.0.0.0/0"]),), "open"),
        # A rule that denies alone opens nothing.
        ((rule(denied=[{"IPProtocol": "all"}], sourceRanges=["0.0.0.0/0"]),), "closed"),
        # Priorities; at the same number deny wins.
        ((rule(allowed=SSH), rule("no", denied=SSH)), "closed"),
        ((rule(allowed=SSH, priority=900), rule("no", denied=SSH)), "open"),
        ((rule(allowed=SSH), rule("no", denied=SSH, priority=900)), "closed"),
        # Targets by tag and by service account.
        ((rule(allowed=SSH, targetTags=["web"]),), "open"),
        ((rule(allowed=SSH, targetTags=["db"]),), "closed"),
        ((rule(allowed=SSH, targetServiceAccounts=["web@shop"]),), "open"),
        ((rule(allowed=SSH, targetServiceAccounts=["db@shop"]),), "closed"),
        ((rule(allowed=SSH, disabled=True),), "closed"),
        ((rule(allowed=SSH, direction="EGRESS"),), "closed"),
        ((rule(allowed=[{"IPProtocol": "6", "ports": ["20-25"]}]),), "open"),
        ((rule(allowed=[{"IPProtocol": "all"}]),), "open"),
        ((rule(allowed=[{"IPProtocol": "udp", "ports": ["22"]}]),), "closed"),
        ((rule(allowed=[{"IPProtocol": "icmp"}]),), "closed"),
    ],
)
def test_rules_of_a_network_decide_in_their_order(rules, expected):
    assert outside(ground(*rules)) == expected


OPEN = rule(allowed=SSH)


@pytest.mark.parametrize(
    ("more", "rules", "expected"),
    [
        ({"hierarchical": (policy(line(1, "deny")),)}, (OPEN,), "closed"),
        ({"hierarchical": (policy(line(1, "allow")),)}, (rule(denied=SSH),), "open"),
        ({"hierarchical": (policy(line(1, "goto_next"), line(2, "deny")),)}, (OPEN,), "open"),
        ({"hierarchical": (policy(line(1, "goto_next")), policy(line(1, "deny")))}, (OPEN,), "closed"),
        # Rules of the VPC come before network policies, unless the network says otherwise.
        ({"global_policies": (policy(line(1, "deny")),)}, (OPEN,), "open"),
        ({"global_policies": (policy(line(1, "deny")),), "order": "BEFORE_CLASSIC_FIREWALL"}, (OPEN,), "closed"),
        ({"global_policies": (policy(line(1, "allow")),), "regional_policies": (policy(line(1, "deny")),)}, (), "open"),
        # Rules for other networks, tags and accounts.
        ({"hierarchical": (policy(line(1, "deny", targetResources=["other"])),)}, (OPEN,), "open"),
        ({"global_policies": (policy(line(1, "allow", targetSecureTags=[{"name": "tagValues/1"}])),)}, (), "open"),
        ({"global_policies": (policy(line(1, "allow", targetSecureTags=[{"name": "tagValues/2"}])),)}, (), "closed"),
        # Lists that are not read may fit or not.
        ({"hierarchical": (policy(line(1, "deny", (), match={"srcFqdns": ["a.example"]})),)}, (OPEN,), "unknown"),
        ({"global_policies": (policy(line(1, "allow", (), match={"srcRegionCodes": ["DE"]})),)}, (), "unknown"),
        ({"global_policies": (policy(line(1, "apply_security_profile_group")),)}, (), "unknown"),
        # What was not read matters unless what comes before decides.
        ({"hierarchical": None}, (OPEN,), "unknown"),
        ({"rules": None}, (), "unknown"),
        ({"rules": None, "hierarchical": (policy(line(1, "deny")),)}, (), "closed"),
        ({"rules": None, "hierarchical": (policy(line(1, "allow")),)}, (), "open"),
        ({"has_internet_route": False}, (OPEN,), "closed"),
        ({"has_internet_route": None}, (OPEN,), "unknown"),
        ({"has_internet_route": None}, (), "closed"),
    ],
)  # fmt: skip
def test_policies_are_asked_in_their_order(more, rules, expected):
    assert outside(ground(*rules, **more)) == expected


def test_an_interface_without_external_address_is_reached_through_a_balancer_alone():
    front = ForwardingRule(name="front", address="8.8.4.4", ports=("80",), is_proxy=False, backends=("db",))
    opened = rule(allowed=[{"IPProtocol": "tcp", "ports": ["80"]}])

    assert outside(ground(opened), DB, 80) == "closed"
    assert outside(ground(opened, forwarding=(front,)), DB, 80) == "open"
    assert outside(ground(opened, forwarding=None), DB, 80) == "unknown"
    assert outside(ground(forwarding=None), DB, 80) == "closed"


def test_a_proxy_needs_its_own_ranges_let_in():
    front = ForwardingRule(
        name="front", address="8.8.4.4", ports=("443",), is_proxy=True, backends=("db",), backend_port=8080
    )
    proxies = rule(allowed=[{"IPProtocol": "tcp", "ports": ["8080"]}], sourceRanges=["35.191.0.0/16", "130.211.0.0/22"])

    assert outside(ground(proxies, forwarding=(front,)), DB, 8080) == "open"
    assert outside(ground(proxies), DB, 8080) == "closed"
    assert outside(ground(rule(allowed=SSH), forwarding=(front,)), DB, 8080) == "closed"


def test_an_interface_gets_out_by_its_address_or_by_nat_and_never_with_mail():
    behind_nat = msgspec.structs.replace(DB, has_nat=True)
    out = [
        reach_to_outside(ground(), one, the_internet(), PortSet.of(port)).decision.value
        for one, port in ((WEB, 443), (DB, 443), (behind_nat, 443), (WEB, 25))
    ]

    assert out == ["open", "closed", "open", "closed"]
    shut = rule(denied=[{"IPProtocol": "all"}], direction="EGRESS")
    assert reach_to_outside(ground(shut), WEB, the_internet()).decision == "closed"


def test_neighbours_are_let_in_by_tag_inside_of_one_network_alone():
    by_tag = rule(allowed=SSH, sourceTags=["web"])
    away = msgspec.structs.replace(WEB, network="ops")
    both = Ground({"shop": network(by_tag, peers=("ops",)), "ops": network(name="ops", peers=("shop",))})

    assert reach_between(ground(by_tag), WEB, DB, PortSet.of(22)).is_open
    assert reach_between(both, away, DB, PortSet.of(22)).decision == "closed"


def test_peering_is_not_transitive():
    opened = rule(allowed=SSH, sourceRanges=["10.0.0.0/8"])
    away = msgspec.structs.replace(WEB, network="ops")
    one_side = Ground({"shop": network(opened, peers=("ops",)), "ops": network(name="ops")})
    both = Ground({"shop": network(opened, peers=("ops",)), "ops": network(name="ops", peers=("shop",))})

    assert reach_between(one_side, away, DB, PortSet.of(22)).decision == "closed"
    assert reach_between(both, away, DB, PortSet.of(22)).is_open


RANGES = ("0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "8.8.8.8/32")
rules = st.builds(
    lambda is_allow, cidr, priority: rule(
        **{"allowed" if is_allow else "denied": SSH}, sourceRanges=[cidr], priority=priority
    ),
    st.booleans(), st.sampled_from(RANGES), st.integers(1, 5),
)  # fmt: skip


@given(st.lists(rules, max_size=5), st.sampled_from(RANGES), st.integers(0, 6))
def test_adding_a_denial_never_opens(some, cidr, priority):
    denial = rule("no", denied=SSH, sourceRanges=[cidr], priority=priority)
    every = Networks(IpSet.every())
    before = reach_from_outside(ground(*some), every, WEB)
    after = reach_from_outside(ground(*some, denial), every, WEB)

    assert before.sources.covers(after.sources)


@given(
    st.permutations([OPEN, rule("no", denied=SSH, sourceRanges=["8.8.8.0/24"]), rule("yes", allowed=SSH, priority=5)])
)
def test_the_order_in_which_rules_are_listed_does_not_matter(some):
    assert reach_from_outside(ground(*some), the_internet(), WEB).is_open
