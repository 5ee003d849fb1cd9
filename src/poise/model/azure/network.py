"""Records of Azure networks: interfaces, public addresses, virtual networks and their subnets."""

from poise.model.asset import Asset, Part, asset_kind
from poise.model.azure.security_group import SecurityRule


class IpConfiguration(Part, frozen=True, kw_only=True):
    """One address of a network interface."""

    name: str | None
    """Name of the configuration."""
    private_address: str | None
    """Private address; None while none is given out."""
    subnet: str | None
    """Id of the subnet."""
    public_address: str | None
    """Id of the public address; None if it has none of its own."""
    application_groups: tuple[str, ...]
    """Ids of the application security groups it is in."""
    backend_pools: tuple[str, ...]
    """Ids of load-balancer and gateway pools it is in."""
    inbound_nat_rules: tuple[str, ...]
    """Ids of load-balancer rules that forward a port to it."""


@asset_kind("Microsoft.Network/networkInterfaces", "azure")
class NetworkInterface(Asset):
    """A network interface."""

    virtual_machine: str | None
    """Id of the machine it is in; None if in none."""
    private_endpoint: str | None
    """Id of the private end point it serves; None if it serves none."""
    security_group: str | None
    """Id of its own network security group; None if it has none."""
    ip_configurations: tuple[IpConfiguration, ...]
    """Its addresses."""
    ip_forwarding: bool
    """Whether it passes on packets meant for others."""


@asset_kind("Microsoft.Network/publicIPAddresses", "azure")
class PublicIpAddress(Asset):
    """A public address."""

    address: str | None
    """The address; None while none is given out."""
    ip_version: str | None
    """`IPv4` or `IPv6`; None if never set, which is IPv4."""
    sku: str | None
    """`Basic` (open unless a security group closes it) or `Standard` (closed unless one opens it); None is Basic."""
    allocation: str
    """`Static` or `Dynamic`."""
    attached_to: str | None
    """Id of the IP configuration or front end that uses it; None if it is unused or used by a NAT gateway."""
    dns_name: str | None
    """Full DNS name; None if it has none."""


class Peering(Part, frozen=True, kw_only=True):
    """A link to another virtual network."""

    name: str
    """Name of the link."""
    state: str | None
    """`Connected`, `Initiated` or `Disconnected`."""
    remote_network: str | None
    """Id of the other network."""
    forwarded_traffic: bool | None
    """Whether packets that did not start in the other network are let in; None if never set, which is no."""
    gateway_transit: bool | None
    """Whether the other network may use this one's gateway; None if never set, which is no."""


@asset_kind("Microsoft.Network/virtualNetworks", "azure")
class VirtualNetwork(Asset):
    """A virtual network."""

    address_prefixes: tuple[str, ...]
    """Its address ranges."""
    subnets: tuple[str, ...]
    """Ids of its subnets."""
    peerings: tuple[Peering, ...]
    """Links to other networks."""
    dns_servers: tuple[str, ...]
    """Own DNS servers; empty for Azure's."""
    ddos_protection: bool | None
    """Whether the DDoS protection plan covers it; None if never set, which is no."""
    admin_rules: tuple[SecurityRule, ...]
    """Security admin rules of Virtual Network Manager in force in it; `access` may be `AlwaysAllow` too."""


@asset_kind("Microsoft.Network/virtualNetworks/subnets", "azure")
class Subnet(Asset):
    """A subnet of a virtual network."""

    virtual_network: str
    """Id of the network it is in."""
    address_prefixes: tuple[str, ...]
    """Its address ranges."""
    security_group: str | None
    """Id of its network security group; None if it has none."""
    route_table: str | None
    """Id of its route table; None if it has none."""
    nat_gateway: str | None
    """Id of its NAT gateway; None if it has none."""
    delegations: tuple[str, ...]
    """Services that the subnet is given to, such as `Microsoft.Web/serverFarms`."""
    service_endpoints: tuple[str, ...]
    """Services reached by the private address, such as `Microsoft.Storage`."""
    default_outbound_access: bool | None
    """Whether machines without an address of their own reach the internet; None if never set, which is yes."""
