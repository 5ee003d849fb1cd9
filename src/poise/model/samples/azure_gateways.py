"""Ordinary Azure route tables, firewalls, gateways and balancers, as they should be."""

from typing import Any

from poise.model.azure.gateways import (
    ApplicationGateway,
    AzureFirewall,
    BalancerRule,
    FirewallPolicy,
    FrontEnd,
    GatewayRoute,
    LoadBalancer,
    Pool,
    RouteEntry,
    RouteTable,
)
from poise.model.samples.azure_network import NETWORK_ID, SUBNET_ID
from poise.model.samples.azure_subscription import NETWORK_PROVIDER, REGION, SUBSCRIPTION

WHERE: dict[str, Any] = {"scope": SUBSCRIPTION, "region": REGION, "tags": {}}
FIREWALL_POLICY_ID = f"{NETWORK_PROVIDER}/firewallpolicies/hub"
GATEWAY_ID = f"{NETWORK_PROVIDER}/applicationgateways/shop"
GATEWAY_POOL_ID = f"{GATEWAY_ID}/backendaddresspools/web"
BALANCER_ID = f"{NETWORK_PROVIDER}/loadbalancers/shop"
BALANCER_POOL_ID = f"{BALANCER_ID}/backendaddresspools/web"

ROUTE_TABLE = RouteTable(
    id=f"{NETWORK_PROVIDER}/routetables/web",
    name="web",
    **WHERE,
    routes=(RouteEntry(name="out", prefix="0.0.0.0/0", next_hop="VirtualAppliance", next_hop_address="10.0.9.4"),),
    subnets=(SUBNET_ID,),
)
AZURE_FIREWALL = AzureFirewall(
    id=f"{NETWORK_PROVIDER}/azurefirewalls/hub",
    name="hub",
    **WHERE,
    policy=FIREWALL_POLICY_ID,
    subnets=(f"{NETWORK_ID}/subnets/azurefirewallsubnet",),
    public_addresses=(f"{NETWORK_PROVIDER}/publicipaddresses/hub-ip",),
    nat_rules=(),
    threat_intelligence="Deny",
)
FIREWALL_POLICY = FirewallPolicy(id=FIREWALL_POLICY_ID, name="hub", **WHERE, base_policy=None, nat_rules=())
APPLICATION_GATEWAY = ApplicationGateway(
    id=GATEWAY_ID,
    name="shop",
    **WHERE,
    tier="WAF_v2",
    subnets=(f"{NETWORK_ID}/subnets/gateway",),
    front_ends=(
        FrontEnd(
            id=f"{GATEWAY_ID}/frontendipconfigurations/public",
            public_address=f"{NETWORK_PROVIDER}/publicipaddresses/shop-ip",
        ),
    ),
    routes=(
        GatewayRoute(
            rule="https",
            front_end=f"{GATEWAY_ID}/frontendipconfigurations/public",
            protocol="Https",
            port=443,
            pool=GATEWAY_POOL_ID,
            target_port=8443,
        ),
    ),
    pools=(Pool(id=GATEWAY_POOL_ID, addresses=()),),
    web_firewall="Prevention",
    web_firewall_policy=None,
)
LOAD_BALANCER = LoadBalancer(
    id=BALANCER_ID,
    name="shop",
    **WHERE,
    sku="Standard",
    front_ends=(
        FrontEnd(
            id=f"{BALANCER_ID}/frontendipconfigurations/public",
            public_address=f"{NETWORK_PROVIDER}/publicipaddresses/balancer-ip",
        ),
    ),
    rules=(
        BalancerRule(
            id=f"{BALANCER_ID}/loadbalancingrules/https",
            front_end=f"{BALANCER_ID}/frontendipconfigurations/public",
            protocol="Tcp",
            port=443,
            target_port=443,
            pools=(BALANCER_POOL_ID,),
        ),
    ),
    forwards=(),
    pools=(Pool(id=BALANCER_POOL_ID, addresses=()),),
)
