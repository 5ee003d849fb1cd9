"""Records of Azure network security groups."""

from poise.model.asset import Asset, Part, asset_kind


class SecurityRule(Part, frozen=True, kw_only=True):
    """One rule. The singular and the plural form of a property are joined: the API uses either."""

    name: str
    """Name of the rule."""
    priority: int
    """Lower numbers are asked first."""
    direction: str
    """`Inbound` or `Outbound`."""
    access: str
    """`Allow` or `Deny`."""
    protocol: str
    """`Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*`."""
    source_prefixes: tuple[str, ...]
    """Addresses, ranges and service tags that packets come from; `*` is any."""
    source_groups: tuple[str, ...]
    """Ids of application security groups that packets come from."""
    source_ports: tuple[str, ...]
    """Ports and ranges that packets come from; `*` is any."""
    destination_prefixes: tuple[str, ...]
    """Addresses, ranges and service tags that packets go to; `*` is any."""
    destination_groups: tuple[str, ...]
    """Ids of application security groups that packets go to."""
    destination_ports: tuple[str, ...]
    """Ports and ranges that packets go to; `*` is any."""


@asset_kind("Microsoft.Network/networkSecurityGroups", "azure")
class NetworkSecurityGroup(Asset):
    """A network security group."""

    rules: tuple[SecurityRule, ...]
    """Rules that people wrote."""
    default_rules: tuple[SecurityRule, ...]
    """Rules that every group has, asked last."""
    subnets: tuple[str, ...]
    """Ids of the subnets it guards."""
    network_interfaces: tuple[str, ...]
    """Ids of the interfaces it guards."""
