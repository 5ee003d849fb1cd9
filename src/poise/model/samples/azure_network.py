"""Ordinary Azure network assets, as they should be, and the rules that examples put into groups."""

from typing import Any

import msgspec

from poise.model.asset import replace
from poise.model.azure.network import IpConfiguration, NetworkInterface, PublicIpAddress, Subnet, VirtualNetwork
from poise.model.azure.security_group import NetworkSecurityGroup, SecurityRule
from poise.model.samples.azure_subscription import GROUP, NETWORK_PROVIDER, REGION, SUBSCRIPTION

INTERFACE_ID = f"{NETWORK_PROVIDER}/networkinterfaces/web1-nic"
NETWORK_ID = f"{NETWORK_PROVIDER}/virtualnetworks/shop"
SUBNET_ID = f"{NETWORK_ID}/subnets/web"
GROUP_ID = f"{NETWORK_PROVIDER}/networksecuritygroups/web"
ADDRESS_ID = f"{NETWORK_PROVIDER}/publicipaddresses/web1-ip"


def rule(name: str, priority: int, **changes: Any) -> SecurityRule:
    """Return an inbound rule that allows TCP from anywhere to port 443, with some facts changed."""
    fields: dict[str, Any] = {
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "source_prefixes": ("*",),
        "source_groups": (),
        "source_ports": ("*",),
        "destination_prefixes": ("*",),
        "destination_groups": (),
        "destination_ports": ("443",),
    }
    return SecurityRule(name=name, priority=priority, **(fields | changes))


VIRTUAL_NETWORK_ONLY: dict[str, Any] = {
    "source_prefixes": ("VirtualNetwork",),
    "destination_prefixes": ("VirtualNetwork",),
    "protocol": "*",
    "destination_ports": ("*",),
}
DEFAULT_RULES = (
    rule("AllowVnetInBound", 65000, **VIRTUAL_NETWORK_ONLY),
    rule(
        "AllowAzureLoadBalancerInBound",
        65001,
        protocol="*",
        source_prefixes=("AzureLoadBalancer",),
        destination_ports=("*",),
    ),
    rule("DenyAllInBound", 65500, access="Deny", protocol="*", destination_ports=("*",)),
    rule("AllowVnetOutBound", 65000, direction="Outbound", **VIRTUAL_NETWORK_ONLY),
    rule(
        "AllowInternetOutBound",
        65001,
        direction="Outbound",
        protocol="*",
        destination_prefixes=("Internet",),
        destination_ports=("*",),
    ),
    rule("DenyAllOutBound", 65500, direction="Outbound", access="Deny", protocol="*", destination_ports=("*",)),
)
"""Rules that every group has (Microsoft Learn, network security groups, default security rules)."""
SECURITY_GROUP = NetworkSecurityGroup(
    id=GROUP_ID,
    name="web",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    rules=(rule("https", 100),),
    default_rules=DEFAULT_RULES,
    subnets=(SUBNET_ID,),
    network_interfaces=(),
)
NETWORK_INTERFACE = NetworkInterface(
    id=INTERFACE_ID,
    name="web1-nic",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    virtual_machine=f"{GROUP}/providers/microsoft.compute/virtualmachines/web1",
    private_endpoint=None,
    security_group=None,
    ip_configurations=(
        IpConfiguration(
            name="ipconfig1",
            private_address="10.0.1.4",
            subnet=SUBNET_ID,
            public_address=ADDRESS_ID,
            application_groups=(),
            backend_pools=(),
            inbound_nat_rules=(),
        ),
    ),
    ip_forwarding=False,
)


def interface_with(**changes: Any) -> NetworkInterface:
    """Return the interface with some facts of its address changed."""
    (address,) = NETWORK_INTERFACE.ip_configurations
    return replace(NETWORK_INTERFACE, ip_configurations=(msgspec.structs.replace(address, **changes),))


PUBLIC_ADDRESS = PublicIpAddress(
    id=ADDRESS_ID,
    name="web1-ip",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    address="20.61.0.10",
    ip_version="IPv4",
    sku="Standard",
    allocation="Static",
    attached_to=f"{INTERFACE_ID}/ipconfigurations/ipconfig1",
    dns_name=None,
)
SUBNET = Subnet(
    id=SUBNET_ID,
    name="web",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    virtual_network=NETWORK_ID,
    address_prefixes=("10.0.1.0/24",),
    security_group=GROUP_ID,
    route_table=None,
    nat_gateway=None,
    delegations=(),
    service_endpoints=("Microsoft.Storage",),
    default_outbound_access=False,
)
VIRTUAL_NETWORK = VirtualNetwork(
    id=NETWORK_ID,
    name="shop",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    address_prefixes=("10.0.0.0/16",),
    subnets=(SUBNET_ID,),
    peerings=(),
    dns_servers=(),
    ddos_protection=False,
    admin_rules=(),
)
