"""Whether the internet reaches a machine: every way is followed."""

import msgspec
import pytest

from poise.model.asset import replace
from poise.model.errors import NotCollected
from poise.model.inventory import ListInventory
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_network import (
    ADDRESS_ID,
    NETWORK_INTERFACE,
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
    VIRTUAL_NETWORK,
    interface_with,
    rule,
)
from poise.policy.azure.reach import Opening, machine_reach

SSH = {"destination_ports": ("22",)}
OPEN = replace(SECURITY_GROUP, rules=(rule("ssh", 100, **SSH),))


def reach(*neighbours, machine=VIRTUAL_MACHINE, ports=(22, 3389)):
    return machine_reach(machine, ListInventory(neighbours), ports)


def test_opening_names_address_ports_and_rules():
    found = reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, OPEN)

    assert found.openings == (Opening(ADDRESS_ID, (22,), ("ssh",)),)
    assert found.has_public_address


def test_every_interface_and_address_is_followed():
    second_id = f"{NETWORK_INTERFACE.id}-2"
    (address,) = NETWORK_INTERFACE.ip_configurations
    private = msgspec.structs.replace(address, public_address=None)
    second = replace(NETWORK_INTERFACE, id=second_id, ip_configurations=(private, address))
    machine = replace(VIRTUAL_MACHINE, network_interfaces=(NETWORK_INTERFACE.id, second_id))

    found = reach(interface_with(public_address=None), second, SUBNET, PUBLIC_ADDRESS, OPEN, machine=machine)

    assert [opening.ports for opening in found.openings] == [(22,)]


def test_subnet_of_a_network_in_another_subscription_is_found_there():
    elsewhere = "99990000-3333-4444-5555-666677778888"
    subnet = replace(SUBNET, id=SUBNET.id.replace(SUBNET.scope, elsewhere), scope=elsewhere, security_group=OPEN.id)

    found = reach(interface_with(subnet=subnet.id), subnet, PUBLIC_ADDRESS, OPEN)

    assert found.openings


@pytest.mark.parametrize("left_out", range(4))
def test_neighbour_that_is_not_there_is_named(left_out):
    neighbours = [NETWORK_INTERFACE, SUBNET, OPEN, PUBLIC_ADDRESS]
    missing = neighbours.pop(left_out)
    if missing is OPEN or missing is PUBLIC_ADDRESS:
        neighbours[1] = replace(SUBNET, security_group=OPEN.id if missing is OPEN else None)

    with pytest.raises(NotCollected, match=missing.id):
        reach(*neighbours)


def test_address_is_not_asked_where_a_group_decides():
    assert reach(NETWORK_INTERFACE, SUBNET, OPEN).openings


def test_rules_for_other_machines_of_the_subnet_do_not_open_this_one():
    other = replace(SECURITY_GROUP, rules=(rule("ssh", 100, destination_prefixes=("10.0.1.9",), **SSH),))
    group = replace(
        SECURITY_GROUP, rules=(rule("ssh", 100, destination_prefixes=(), destination_groups=("/asg/web",), **SSH),)
    )

    assert not reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, other).openings
    assert not reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, group).openings
    assert reach(interface_with(application_groups=("/asg/web",)), SUBNET, PUBLIC_ADDRESS, group).openings


def test_address_without_a_sku_is_a_basic_one():
    bare = replace(SUBNET, security_group=None)

    found = reach(NETWORK_INTERFACE, bare, replace(PUBLIC_ADDRESS, sku=None))

    assert found.openings == (Opening(ADDRESS_ID, (22, 3389), ()),)


def test_an_answer_without_interfaces_proves_nothing():
    with pytest.raises(NotCollected, match="every machine has one"):
        reach(machine=replace(VIRTUAL_MACHINE, network_interfaces=()))


def test_an_open_interface_decides_beside_one_that_was_not_read():
    both = replace(VIRTUAL_MACHINE, network_interfaces=(f"{NETWORK_INTERFACE.id}-gone", NETWORK_INTERFACE.id))

    assert reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, OPEN, machine=both).openings
    with pytest.raises(NotCollected, match="not in the inventory"):
        reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, SECURITY_GROUP, machine=both)


def test_forwarded_port_of_a_balancer_counts_where_the_groups_are_open():
    forwarded = interface_with(public_address=None, inbound_nat_rules=("/lb/inboundnatrules/ssh",))

    assert reach(forwarded, SUBNET, OPEN).behind_balancer
    assert reach(forwarded, replace(SUBNET, security_group=None)).behind_balancer
    assert not reach(forwarded, SUBNET, SECURITY_GROUP).behind_balancer


@pytest.mark.parametrize(
    ("access", "rules", "ports"),
    [
        ("Deny", (rule("ssh", 100, **SSH),), ()),
        ("Allow", (rule("ssh", 100, **SSH),), (22,)),
        ("Allow", (), ()),
        ("AlwaysAllow", (), (22,)),
        ("AlwaysAllow", (rule("no", 100, access="Deny", protocol="*", destination_ports=("*",)),), (22,)),
    ],
)
def test_security_admin_rules_come_before_the_groups(access, rules, ports):
    network = replace(VIRTUAL_NETWORK, admin_rules=(rule("admin", 1, access=access, **SSH),))
    group = replace(SECURITY_GROUP, rules=rules)

    found = reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, group, network)

    assert tuple(port for opening in found.openings for port in opening.ports) == ports
    assert found.admin_unread == ""


def test_admin_rules_that_were_not_read_are_told_beside_an_opening():
    network = replace(VIRTUAL_NETWORK, unread={"admin_rules": "AuthorizationFailed"})

    assert reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, OPEN, network).admin_unread == "AuthorizationFailed"
    assert reach(NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, SECURITY_GROUP, network).admin_unread == ""
