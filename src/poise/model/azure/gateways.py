"""Records of what stands between the internet and Azure networks: route tables, firewalls, gateways, balancers."""

from poise.model.asset import Asset, Part, asset_kind


class RouteEntry(Part, frozen=True, kw_only=True):
    """One line of a route table."""

    name: str
    """Its name."""
    prefix: str
    """Range, or a service tag."""
    next_hop: str
    """`VirtualNetworkGateway`, `VnetLocal`, `Internet`, `VirtualAppliance` or `None`, which drops."""
    next_hop_address: str | None
    """Address of the appliance; None for another kind of hop."""


@asset_kind("Microsoft.Network/routeTables", "azure")
class RouteTable(Asset):
    """Where packets that leave a subnet go."""

    routes: tuple[RouteEntry, ...]
    """Its lines."""
    subnets: tuple[str, ...]
    """Ids of the subnets it serves."""


class DnatRule(Part, frozen=True, kw_only=True):
    """A rule of a firewall that sends what comes to a public address on to a private one."""

    name: str
    """Its name."""
    protocols: tuple[str, ...]
    """`TCP`, `UDP`, `Any`."""
    sources: tuple[str, ...]
    """Ranges it is for; `*` for all."""
    source_groups: tuple[str, ...]
    """Ids of the IP groups it is for."""
    destinations: tuple[str, ...]
    """Addresses of the firewall."""
    ports: tuple[str, ...]
    """Ports and ranges at the firewall."""
    translated_address: str | None
    """Private address it sends on to; None for a name."""
    translated_name: str | None
    """Name it sends on to; None for an address."""
    translated_port: str
    """Port at the target."""


@asset_kind("Microsoft.Network/azureFirewalls", "azure")
class AzureFirewall(Asset):
    """A firewall."""

    policy: str | None
    """Id of the firewall policy that holds its rules; None for rules of its own."""
    subnets: tuple[str, ...]
    """Ids of the subnets that it stands in."""
    public_addresses: tuple[str, ...]
    """Ids of its public addresses."""
    nat_rules: tuple[DnatRule, ...]
    """Translations among its own rules."""
    threat_intelligence: str | None
    """`Alert`, `Deny` or `Off`; None where the policy decides."""


@asset_kind("Microsoft.Network/firewallPolicies", "azure")
class FirewallPolicy(Asset):
    """The rules of firewalls."""

    base_policy: str | None
    """Id of the policy it inherits from, translations aside; None if from none."""
    nat_rules: tuple[DnatRule, ...]
    """Its translations."""


class FrontEnd(Part, frozen=True, kw_only=True):
    """An address that a gateway or balancer listens at."""

    id: str
    """Its id."""
    public_address: str | None
    """Id of the public address; None for a private front end."""


class Pool(Part, frozen=True, kw_only=True):
    """Where a gateway or balancer sends what it gets."""

    id: str
    """Its id, which interfaces name too."""
    addresses: tuple[str, ...]
    """Targets that are in it by address or name."""


class GatewayRoute(Part, frozen=True, kw_only=True):
    """One way from a listener to a pool."""

    rule: str
    """Name of the rule."""
    front_end: str
    """Id of the front end that it listens at."""
    protocol: str
    """`Http`, `Https`, `Tcp` or `Tls`."""
    port: int
    """Port it listens at."""
    pool: str
    """Id of the pool."""
    target_port: int
    """Port of the targets."""


@asset_kind("Microsoft.Network/applicationGateways", "azure")
class ApplicationGateway(Asset):
    """A web gateway. Targets see requests come from its subnet."""

    tier: str
    """`Standard_v2`, `WAF_v2` ..."""
    subnets: tuple[str, ...]
    """Ids of the subnets it stands in."""
    front_ends: tuple[FrontEnd, ...]
    """Its addresses."""
    routes: tuple[GatewayRoute, ...]
    """Its ways from listeners to pools."""
    pools: tuple[Pool, ...]
    """Its pools."""
    web_firewall: str | None
    """`Detection` or `Prevention`, where the firewall of its own is on; None where it is off or a policy decides."""
    web_firewall_policy: str | None
    """Id of its web application firewall policy; None if it has none."""


class BalancerRule(Part, frozen=True, kw_only=True):
    """One way from a front end to a pool, or to one interface."""

    id: str
    """Its id."""
    front_end: str
    """Id of the front end."""
    protocol: str
    """`Tcp`, `Udp` or `All`."""
    port: int
    """Port at the front end; 0 with protocol `All` for every port."""
    target_port: int
    """Port of the targets."""
    pools: tuple[str, ...]
    """Ids of the pools; empty for a rule that forwards to one interface."""


@asset_kind("Microsoft.Network/loadBalancers", "azure")
class LoadBalancer(Asset):
    """A balancer of connections. Targets see the address of the client."""

    sku: str | None
    """`Basic`, `Standard` or `Gateway`; None is Basic."""
    front_ends: tuple[FrontEnd, ...]
    """Its addresses."""
    rules: tuple[BalancerRule, ...]
    """Its rules to pools."""
    forwards: tuple[BalancerRule, ...]
    """Its rules to one interface each (inbound NAT)."""
    pools: tuple[Pool, ...]
    """Its pools."""
