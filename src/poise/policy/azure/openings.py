"""How far Azure virtual machines are open. TCP alone is asked."""

from __future__ import annotations

from typing import TypeVar

from poise.model.asset import Asset
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.ids import subscription_id
from poise.model.azure.network import NetworkInterface, Subnet
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Exposure, Level, Reason
from poise.policy.azure.nsg import ports_of, rules_of
from poise.policy.azure.reach import machine_reach
from poise.policy.intervals import LAST_PORT
from poise.policy.ports import WELL_KNOWN, named_first

A = TypeVar("A", bound=Asset)


def machine_openness(machine: VirtualMachine, inventory: Inventory) -> Exposure:
    """Return how far a machine is reached. Raises NotCollected where something that decides was not read.

    Ports open and close only where a rule begins or ends: these are asked, and well-known ones.
    """
    reach = machine_reach(machine, inventory, sorted(_edges(machine, inventory)))
    if reach.openings:
        text = f"the internet reaches it at port {named_first(port for one in reach.openings for port in one.ports)}"
        return Exposure(Level.PUBLIC, (Reason(text, source=reach.openings[0].address),))
    if reach.behind_balancer:
        text = "a load balancer that is not read may lead to ports that its groups leave open"
        return Exposure(Level.UNKNOWN, (Reason(text),))
    if reach.has_public_address:
        return Exposure(Level.PRIVATE, (Reason("it has a public address, but its groups let the internet in nowhere"),))
    return Exposure(Level.PRIVATE, (Reason("it has no public address"),))


def _edges(machine: VirtualMachine, inventory: Inventory) -> set[int]:
    edges = {1, *WELL_KNOWN}
    for interface in (_found(inventory, NetworkInterface, id) for id in machine.network_interfaces):
        subnets = [one.subnet for one in interface.ip_configurations if one.subnet is not None]
        groups = [_found(inventory, Subnet, id).security_group for id in subnets] + [interface.security_group]
        for id in {group for group in groups if group is not None}:
            for rule in rules_of(_found(inventory, NetworkSecurityGroup, id)):
                edges |= {port for low, high in ports_of(rule).ranges for port in (low, high + 1)}
    return {port for port in edges if 0 < port <= LAST_PORT}


def _found(inventory: Inventory, kind: type[A], id: str) -> A:
    asset = inventory.find(kind, subscription_id(id) or "", id)
    if asset is None:
        raise NotCollected(kind.KIND, f"{id} is not in the inventory")
    return asset
