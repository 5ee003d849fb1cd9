"""Whether the internet reaches a virtual machine: public address, groups of subnet and interface, default.

Source: Microsoft Learn, "Public IP addresses" (a Standard address is closed until a group opens it, a Basic one is
open) and "How network security groups filter network traffic".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from poise.model.asset import Asset
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.ids import subscription_id
from poise.model.azure.network import IpConfiguration, NetworkInterface, PublicIpAddress, Subnet
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.azure.nsg import Rules, Target, deciding_rules, internet_ports, rules_of

A = TypeVar("A", bound=Asset)


class Opening(msgspec.Struct, frozen=True):
    """Ports of a machine that the internet reaches at one public address."""

    address: str
    """Id of the public address."""
    ports: tuple[int, ...]
    """The ports."""
    rules: tuple[str, ...]
    """Rules that let them in; empty where no group stands before an address that is open by default."""


class Reach(msgspec.Struct, frozen=True):
    """How the internet reaches a machine."""

    openings: tuple[Opening, ...]
    """Where it does."""
    has_public_address: bool
    """Whether any of its interfaces has a public address of its own."""
    behind_balancer: bool
    """Whether a load balancer that is not read may lead to ports that its groups leave open."""


def machine_reach(machine: VirtualMachine, inventory: Inventory, ports: Iterable[int]) -> Reach:
    """Return how the internet reaches TCP ports of a machine.

    Raises NotCollected where an interface, address, subnet or group that decides was not read. One that was not
    read decides only if no other is open.
    """
    if not machine.network_interfaces:
        raise NotCollected("network_interfaces", "the answer names no interface, but every machine has one")
    ports = tuple(ports)
    gap: NotCollected | None = None
    found: list[Reach] = []
    for id in machine.network_interfaces:
        try:
            found.append(_reach(_found(inventory, NetworkInterface, id), inventory, ports))
        except NotCollected as missing:
            gap = gap or missing
    openings = tuple(opening for one in found for opening in one.openings)
    if gap is not None and not openings:
        raise gap
    return Reach(openings, any(o.has_public_address for o in found), any(o.behind_balancer for o in found))


def _reach(interface: NetworkInterface, inventory: Inventory, ports: tuple[int, ...]) -> Reach:
    openings: list[Opening] = []
    has_address = behind = False
    for configuration in interface.ip_configurations:
        if configuration.public_address is not None:
            has_address = True
            openings += _openings(interface, configuration, inventory, ports)
        elif configuration.backend_pools or configuration.inbound_nat_rules:
            groups = _groups(interface, configuration, inventory)
            behind = behind or not groups or bool(internet_ports(groups, ports, target=_target(configuration)))
    return Reach(tuple(openings), has_address, behind)


def _openings(
    interface: NetworkInterface, configuration: IpConfiguration, inventory: Inventory, ports: tuple[int, ...]
) -> list[Opening]:
    assert configuration.public_address is not None
    groups = _groups(interface, configuration, inventory)
    address = configuration.public_address
    if groups:
        found = internet_ports(groups, ports, target=_target(configuration))
        rules = tuple(dict.fromkeys(name for port in found for name in deciding_rules(groups, port)))
        return [Opening(address, found, rules)] if found else []
    sku = _found(inventory, PublicIpAddress, address).sku
    return [] if (sku or "Basic").lower() == "standard" else [Opening(address, ports, ())]


def _groups(interface: NetworkInterface, configuration: IpConfiguration, inventory: Inventory) -> list[Rules]:
    ids = [interface.security_group]
    if configuration.subnet is not None:
        ids.insert(0, _found(inventory, Subnet, configuration.subnet).security_group)
    return [rules_of(_found(inventory, NetworkSecurityGroup, id)) for id in ids if id is not None]


def _target(configuration: IpConfiguration) -> Target:
    private = () if configuration.private_address is None else (configuration.private_address,)
    return Target(private, configuration.application_groups)


def _found(inventory: Inventory, kind: type[A], id: str) -> A:
    """Return a neighbour, which may lie in another subscription, as the subnets of a shared network do."""
    asset = inventory.find(kind, subscription_id(id) or "", id)
    if asset is None:
        raise NotCollected(kind.KIND, f"{id} is not in the inventory")
    return asset
