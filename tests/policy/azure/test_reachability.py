"""Reach in Azure, case by case; among them what users of other tools reported as wrong."""

import pytest
from msgspec import structs

from poise.model import replace
from poise.model.azure.network import Peering
from poise.model.errors import BadInput
from poise.model.inventory import ListInventory
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_keyvault import KEY_VAULT
from poise.model.samples.azure_network import (
    NETWORK_ID,
    NETWORK_INTERFACE,
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
    VIRTUAL_NETWORK,
    interface_with,
    rule,
)
from poise.policy.azure.reachability import reach
from poise.policy.azure.reaching.world import AdminRule, Extra, NatRule, UserRoute, World
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Networks, the_internet

SSH = {"destination_ports": ("22",)}
AROUND = (NETWORK_INTERFACE, PUBLIC_ADDRESS, SECURITY_GROUP, SUBNET, VIRTUAL_NETWORK, VIRTUAL_MACHINE)
TABLE = f"{NETWORK_ID}-routes"


def world(*changed, extra=None, protocol="tcp"):
    assets = {one.id: one for one in AROUND} | {one.id: one for one in changed}
    return World(ListInventory(assets.values()), protocol, extra)


def group(*rules, **changes):
    return replace(SECURITY_GROUP, rules=rules, **changes)


def decided(*changed, port=22, source=None, extra=None, protocol="tcp"):
    here = world(*changed, extra=extra, protocol=protocol)
    return reach(here, source or the_internet(), VIRTUAL_MACHINE, PortSet.of(port)).decision.value


def networks(*cidrs):
    return Networks(IpSet.from_cidrs(cidrs))


@pytest.mark.parametrize("protocol", ["Tcp", "TCP", "*", "6"])
@pytest.mark.parametrize("source", ["*", "0.0.0.0/0", "Internet", "Any", "any", "internet"])
@pytest.mark.parametrize("ports", [("22",), ("*",), ("20-25",), ("80", "22")])
def test_every_spelling_of_open_is_open(protocol, source, ports):
    opened = rule("open", 100, protocol=protocol, source_prefixes=(source,), destination_ports=ports)

    assert decided(group(opened)) == "open"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), "closed"),
        ((rule("icmp", 100, protocol="Icmp", destination_ports=("*",)),), "closed"),
        ((rule("no", 100, access="Deny", source_prefixes=("Internet",), **SSH), rule("yes", 200, **SSH)), "closed"),
        ((rule("yes", 100, **SSH), rule("no", 200, access="Deny", source_prefixes=("Internet",), **SSH)), "open"),
        ((rule("half", 100, source_prefixes=("0.0.0.0/1", "128.0.0.0/1"), **SSH),), "open"),
        ((rule("office", 100, source_prefixes=("8.8.8.0/24",), **SSH),), "closed"),
        ((rule("tag", 100, source_prefixes=("AzureCloud",), **SSH),), "closed"),
        ((rule("net", 100, source_prefixes=("VirtualNetwork",), **SSH),), "closed"),
        ((rule("here", 100, destination_prefixes=("10.0.1.4",), **SSH),), "open"),
        ((rule("there", 100, destination_prefixes=("10.0.9.9",), **SSH),), "closed"),
        # A list of blocked addresses before "allow all" closes nothing.
        ((rule("no", 100, access="Deny", source_prefixes=("8.8.8.8",), **SSH), rule("yes", 200, **SSH)), "open"),
        # A denial of packets from one source port does not bind a caller.
        ((rule("no", 100, access="Deny", source_ports=("53",), **SSH), rule("yes", 200, **SSH)), "open"),
        ((rule("out", 100, direction="Outbound", **SSH),), "closed"),
    ],
)
def test_rules_of_a_group_decide_in_their_order(rules, expected):
    assert decided(group(*rules)) == expected


def test_the_group_of_the_subnet_and_that_of_the_interface_both_have_to_allow():
    own = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}-nic", rules=(rule("web", 100),))
    card = replace(NETWORK_INTERFACE, security_group=own.id)
    opened = rule("ssh", 110, **SSH)

    assert decided(group(opened), own, card) == "closed"
    assert decided(group(opened), replace(own, rules=(opened,)), card) == "open"
    assert decided(group(), replace(own, rules=(opened,)), card) == "closed"


def test_an_address_that_no_group_guards_is_open_if_it_is_basic():
    bare = replace(SUBNET, security_group=None)

    assert decided(bare) == "closed"
    assert decided(bare, replace(PUBLIC_ADDRESS, sku="Basic")) == "open"
    assert decided(bare, replace(PUBLIC_ADDRESS, sku=None)) == "open"


def test_no_public_address_is_closed_and_a_balancer_before_it_unknown_where_the_group_opens():
    opened = group(rule("ssh", 100, **SSH))
    pooled = interface_with(public_address=None, backend_pools=("pool",))

    assert decided(opened, interface_with(public_address=None)) == "closed"
    assert decided(opened, pooled) == "unknown"
    assert decided(pooled) == "closed"


def test_what_was_not_read_matters_unless_all_else_closes():
    unread = replace(SECURITY_GROUP, unread={"rules": "denied"})
    own = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}-nic", rules=())

    assert decided(unread) == "unknown"
    assert decided(unread, interface_with(public_address=None)) == "closed"
    assert decided(unread, own, replace(NETWORK_INTERFACE, security_group=own.id)) == "closed"


@pytest.mark.parametrize(
    ("access", "rules", "expected"),
    [
        ("Deny", (rule("ssh", 100, **SSH),), "closed"),
        ("AlwaysAllow", (), "open"),
        ("Allow", (), "closed"),
        ("Allow", (rule("ssh", 100, **SSH),), "open"),
    ],
)
def test_admin_rules_come_before_groups(access, rules, expected):
    extra = Extra(admin_rules=(AdminRule(rule("admin", 1, access=access, **SSH), (NETWORK_ID,)),))

    assert decided(group(*rules), extra=extra) == expected
    elsewhere = Extra(admin_rules=(AdminRule(rule("admin", 1, access=access, **SSH), ("other",)),))
    assert decided(group(*rules), extra=elsewhere) == ("open" if rules else "closed")


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ((UserRoute("0.0.0.0/0", "Internet"),), "open"),
        ((UserRoute("0.0.0.0/0", "VirtualAppliance"),), "unknown"),
        ((UserRoute("0.0.0.0/0", "None"),), "closed"),
        ((UserRoute("0.0.0.0/0", "None"), UserRoute("0.0.0.0/1", "Internet")), "open"),
    ],
)
def test_routes_of_users_turn_answers_away(routes, expected):
    opened, subnet = group(rule("ssh", 100, **SSH)), replace(SUBNET, route_table=TABLE)

    assert decided(opened, subnet, extra=Extra(route_tables={TABLE: routes})) == expected
    assert decided(opened, subnet) == "unknown"
    assert decided(subnet) == "closed"


def test_a_rule_of_a_firewall_leads_to_a_hidden_machine():
    nat = NatRule("ssh", ("TCP",), ("*",), 2222, "10.0.1.4", 22, "10.0.9.0/26")
    hidden = interface_with(public_address=None)

    assert decided(hidden, extra=Extra(nat_rules=(nat,))) == "open"
    assert decided(hidden, extra=Extra(nat_rules=(structs.replace(nat, sources=("8.8.8.8",)),))) == "closed"
    assert decided(hidden, group(rule("no", 100, access="Deny", **SSH)), extra=Extra(nat_rules=(nat,))) == "closed"


def neighbours(*peerings, far_peerings=(), groups=()):
    """A second network with one machine in it."""
    other = replace(
        VIRTUAL_NETWORK,
        id=f"{NETWORK_ID}2",
        name="other",
        address_prefixes=("10.9.0.0/16",),
        subnets=(),
        peerings=far_peerings,
    )
    subnet = replace(
        SUBNET,
        id=f"{other.id}/subnets/a",
        virtual_network=other.id,
        address_prefixes=("10.9.1.0/24",),
        security_group=None,
    )
    card = replace(
        interface_with(subnet=subnet.id, private_address="10.9.1.4", public_address=None, application_groups=groups),
        id=f"{NETWORK_INTERFACE.id}2",
    )
    near = replace(VIRTUAL_NETWORK, peerings=peerings)
    return card, (near, other, subnet, card)


def link(to, state="Connected"):
    return Peering(name="link", state=state, remote_network=to, forwarded_traffic=None, gateway_transit=None)


def test_peered_networks_are_one_network_to_the_default_rules():
    card, assets = neighbours(link(f"{NETWORK_ID}2"), far_peerings=(link(NETWORK_ID),))
    _, one_sided = neighbours(link(f"{NETWORK_ID}2"))

    assert reach(world(*assets), card, NETWORK_INTERFACE, PortSet.of(5432)).is_open
    assert reach(world(*one_sided), card, NETWORK_INTERFACE, PortSet.of(5432)).decision == "closed"


def test_application_groups_are_named_by_rules():
    card, assets = neighbours(link(f"{NETWORK_ID}2"), far_peerings=(link(NETWORK_ID),), groups=("app",))
    by_group = group(
        rule("app", 100, source_prefixes=(), source_groups=("app",), destination_ports=("5432",)),
        rule("no", 200, access="Deny", destination_ports=("*",), protocol="*"),
    )

    assert reach(world(*assets, by_group), card, NETWORK_INTERFACE, PortSet.of(5432)).is_open
    assert reach(world(*assets, by_group), card, NETWORK_INTERFACE, PortSet.of(22)).decision == "closed"


def test_a_machine_gets_out_where_its_subnet_has_a_way():
    hidden = interface_with(public_address=None)
    out = PortSet.of(443)

    assert reach(world(), VIRTUAL_MACHINE, the_internet(), out).is_open
    assert reach(world(hidden), VIRTUAL_MACHINE, the_internet(), out).decision == "closed"
    assert reach(world(hidden, replace(SUBNET, nat_gateway="nat")), VIRTUAL_MACHINE, the_internet(), out).is_open
    shut = group(rule("no", 100, direction="Outbound", access="Deny", protocol="*", destination_ports=("*",)))
    assert reach(world(shut), VIRTUAL_MACHINE, the_internet(), out).decision == "closed"


def test_the_firewall_of_a_service_decides_about_its_end_point():
    def vault(access, *ranges, default="Deny"):
        rules = structs.replace(KEY_VAULT.network_rules, default_action=default, ip_rules=ranges)
        return replace(KEY_VAULT, public_network_access=access, network_rules=rules)

    def asked(service, source=None):
        return reach(world(), source or the_internet(), service).decision.value

    assert asked(vault("Enabled", default="Allow")) == "open"
    assert asked(vault("Enabled", "0.0.0.0/1", "128.0.0.0/1")) == "open"
    assert asked(vault("Enabled", "8.8.8.0/24")) == "closed"
    assert asked(vault("Enabled", "8.8.8.0/24"), networks("8.8.8.8")) == "open"
    assert asked(vault("Disabled", default="Allow")) == "closed"
    assert asked(vault("SecuredByPerimeter")) == "unknown"


def test_neighbours_in_the_network_are_let_in_by_default():
    assert decided(source=networks("10.0.5.5")) == "open"
    assert decided(source=networks("192.168.9.9")) == "unknown"


def test_an_asset_outside_of_networks_is_no_end():
    with pytest.raises(BadInput, match="no place in a network"):
        reach(world(), the_internet(), SECURITY_GROUP)
