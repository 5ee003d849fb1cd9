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
from poise.model.azure.ids import parent, subscription_id
from poise.model.azure.network import IpConfiguration, NetworkInterface, PublicIpAddress, Subnet, VirtualNetwork
from poise.model.azure.security_group import NetworkSecurityGroup, SecurityRule
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
    admin_unread: str = ""
    """Why security admin rules, which come before every group, were not read; empty if they were."""


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
    return Reach(
        openings,
        any(one.has_public_address for one in found),
        any(one.behind_balancer for one in found),
        next((one.admin_unread for one in found if one.openings and one.admin_unread), ""),
    )


def _reach(interface: NetworkInterface, inventory: Inventory, ports: tuple[int, ...]) -> Reach:
    openings: list[Opening] = []
    has_address = behind = False
    unread = ""
    for configuration in interface.ip_configurations:
        if configuration.public_address is not None:
            has_address = True
            admin = _admin(configuration, inventory, ports)
            unread = unread or admin.unread
            openings += _openings(interface, configuration, inventory, admin.asked)
            openings += admin.opened(configuration)
        elif configuration.backend_pools or configuration.inbound_nat_rules:
            groups = _groups(interface, configuration, inventory)
            behind = behind or not groups or bool(internet_ports(groups, ports, target=_target(configuration)))
    return Reach(tuple(openings), has_address, behind, unread)


class _Admin(msgspec.Struct, frozen=True):
    """What security admin rules leave to the groups, and what they open themselves."""

    asked: tuple[int, ...]
    """Ports that the groups decide about."""
    always: tuple[int, ...] = ()
    """Ports that are open whatever the groups say."""
    rules: tuple[str, ...] = ()
    unread: str = ""

    def opened(self, configuration: IpConfiguration) -> list[Opening]:
        """Return the opening that is made past the groups."""
        assert configuration.public_address is not None
        return [Opening(configuration.public_address, self.always, self.rules)] if self.always else []


def _admin(configuration: IpConfiguration, inventory: Inventory, ports: tuple[int, ...]) -> _Admin:
    """Ask the rules of Virtual Network Manager: what they deny is closed, what they always allow is open."""
    if configuration.subnet is None:
        return _Admin(ports)
    try:
        rules = _found(inventory, VirtualNetwork, parent(configuration.subnet)).admin_rules
    except NotCollected as gap:
        return _Admin(ports, unread=gap.reason)
    passing = [_as(rule, is_allowed=rule.access.lower() != "deny") for rule in rules] + [_as(LAST, is_allowed=True)]
    opening = [_as(rule, is_allowed=rule.access.lower() == "alwaysallow") for rule in rules] + [
        _as(LAST, is_allowed=False)
    ]
    target = _target(configuration)
    always = internet_ports([opening], ports, target=target)
    left = tuple(port for port in internet_ports([passing], ports, target=target) if port not in always)
    names = tuple(rule.name for rule in rules if rule.access.lower() == "alwaysallow")
    return _Admin(left, always, names)


LAST = SecurityRule(
    name="the rest",
    priority=2**31,
    direction="Inbound",
    access="Allow",
    protocol="*",
    source_prefixes=("*",),
    source_groups=(),
    source_ports=("*",),
    destination_prefixes=("*",),
    destination_groups=(),
    destination_ports=("*",),
)
"""What comes after the last admin rule."""


def _as(rule: SecurityRule, *, is_allowed: bool) -> SecurityRule:
    return msgspec.structs.replace(rule, access="Allow" if is_allowed else "Deny")


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
    return [] if (sku or "Basic").lower() == "standard" or not ports else [Opening(address, ports, ())]


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
