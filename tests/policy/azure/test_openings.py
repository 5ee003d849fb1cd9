"""How far Azure machines are open, at any port."""

import pytest
from msgspec import structs

from poise.model import NotCollected, replace
from poise.model.inventory import ListInventory
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_network import (
    ADDRESS_ID,
    DEFAULT_RULES,
    NETWORK_INTERFACE,
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
)
from poise.policy.answer import Level
from poise.policy.azure.openings import machine_openness

ALLOW = structs.replace(
    DEFAULT_RULES[0],
    name="allow",
    priority=100,
    direction="Inbound",
    access="Allow",
    protocol="Tcp",
    source_prefixes=("Internet",),
    source_ports=("*",),
    destination_prefixes=("*",),
    destination_ports=("9443",),
)
ADDRESSED = replace(
    NETWORK_INTERFACE,
    ip_configurations=tuple(
        structs.replace(one, public_address=ADDRESS_ID) for one in NETWORK_INTERFACE.ip_configurations
    ),
)


def opened(*rules, interface=ADDRESSED):
    group = replace(SECURITY_GROUP, rules=rules)
    return machine_openness(VIRTUAL_MACHINE, ListInventory((interface, group, SUBNET, PUBLIC_ADDRESS)))


def test_a_port_that_nobody_knows_is_found():
    found = opened(ALLOW)

    assert found.level is Level.PUBLIC
    assert found.because[0].text == "the internet reaches it at port 9443"


def test_a_rule_that_denies_first_closes_the_port():
    deny = structs.replace(ALLOW, name="deny", priority=90, access="Deny")

    assert opened(deny, ALLOW).level is Level.PRIVATE


def test_only_the_rest_of_a_range_is_open_where_its_beginning_is_denied():
    deny = structs.replace(ALLOW, name="deny", priority=90, access="Deny", destination_ports=("9000-9443",))
    wide = structs.replace(ALLOW, destination_ports=("9000-9500",))

    assert opened(deny, wide).because[0].text == "the internet reaches it at port 9444"


def test_without_a_public_address_nothing_reaches_it():
    bare = replace(
        ADDRESSED,
        ip_configurations=tuple(
            structs.replace(one, public_address=None, backend_pools=(), inbound_nat_rules=())
            for one in ADDRESSED.ip_configurations
        ),
    )

    assert opened(ALLOW, interface=bare).level is Level.PRIVATE


def test_a_group_that_was_not_read_is_not_closed():
    with pytest.raises(NotCollected):
        machine_openness(VIRTUAL_MACHINE, ListInventory((ADDRESSED, SUBNET, PUBLIC_ADDRESS)))
