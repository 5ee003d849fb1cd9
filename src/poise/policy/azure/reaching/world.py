"""The records that questions about reach in Azure are answered from, and inputs that stand in for records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from poise.model.azure.security_group import SecurityRule
from poise.model.inventory import Inventory
from poise.policy.lookups import Lookups


class UserRoute(msgspec.Struct, frozen=True):
    """One line of a route table (`Microsoft.Network/routeTables/routes`)."""

    prefix: str
    """Range, or a service tag."""
    next_hop: str
    """`VirtualNetworkGateway`, `VnetLocal`, `Internet`, `VirtualAppliance` or `None`."""


class AdminRule(msgspec.Struct, frozen=True):
    """A security admin rule of Virtual Network Manager, which is asked before any security group."""

    rule: SecurityRule
    """The rule; `access` is `Allow`, `Deny` or `AlwaysAllow`."""
    networks: tuple[str, ...]
    """Ids of the virtual networks that it holds in."""


class NatRule(msgspec.Struct, frozen=True):
    """A rule of a firewall that sends what comes to a public address on to a private one (DNAT)."""

    name: str
    """Its name."""
    protocols: tuple[str, ...]
    """`TCP`, `UDP`, `Any`."""
    sources: tuple[str, ...]
    """Ranges; `*` for all."""
    port: int
    """Port at the public address."""
    translated_address: str
    """Private address."""
    translated_port: int
    """Port at the private address."""
    firewall_range: str
    """Range of the firewall's subnet, which the target sees packets come from."""


class Extra(msgspec.Struct, frozen=True):
    """Inputs that stand in for records; what is None is taken from the records."""

    route_tables: Mapping[str, Sequence[UserRoute]] | None = None
    """Routes by id of the table."""
    admin_rules: Sequence[AdminRule] | None = None
    """Rules of Virtual Network Manager; none where it is not used."""
    nat_rules: Sequence[NatRule] | None = None
    """DNAT rules of firewalls; none where there are no firewalls."""


class World(Lookups):
    """An inventory of Azure for questions about one protocol."""

    def __init__(self, inventory: Inventory, protocol: str = "tcp", extra: Extra | None = None) -> None:
        super().__init__(inventory, protocol)
        self.extra = extra or Extra()
