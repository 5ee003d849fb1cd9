"""Reads networks: interfaces, public addresses, security groups, virtual networks with their subnets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from poise.collect.azure.reading.items import facts_of, finish, id_at, ids_in, listed_each
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import Ask, AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.ids import arm_id, optional_id, parent
from poise.model.azure.network import NetworkInterface, PublicIpAddress, Subnet, VirtualNetwork
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.listing import Listing, Read


def _list_all(name: str, kind: str) -> Operation:
    return Operation(
        service="network",
        name=name,
        path=f"/providers/Microsoft.Network/{kind}",
        version="2023-09-01",
        permission=f"Microsoft.Network/{kind}/read",
    )


INTERFACES = _list_all("NetworkInterfaces_ListAll", "networkInterfaces")
ADDRESSES = _list_all("PublicIPAddresses_ListAll", "publicIPAddresses")
GROUPS = _list_all("NetworkSecurityGroups_ListAll", "networkSecurityGroups")
NETWORKS = _list_all("VirtualNetworks_ListAll", "virtualNetworks")
ADMIN_RULES = Operation(
    service="network",
    name="ListNetworkManagerEffectiveSecurityAdminRules",
    path="/listNetworkManagerEffectiveSecurityAdminRules",
    version="2023-09-01",
    permission="Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action",
    method="POST",
)
"""What Virtual Network Manager has put into force in a network: it changes nothing, and has no other form."""
READS: tuple[Read, ...] = (
    INTERFACES.feeds("NetworkInterface"),
    ADDRESSES.feeds("PublicIpAddress"),
    GROUPS.feeds("NetworkSecurityGroup"),
    NETWORKS.feeds("VirtualNetwork", "Subnet"),
    ADMIN_RULES.feeds("VirtualNetwork.admin_rules"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield the network's assets, each kind followed by the state of its listing."""
    yield from listed(NetworkInterface, reader.pages(INTERFACES), partial(_interface, reader))
    yield from listed(PublicIpAddress, reader.pages(ADDRESSES), partial(_address, reader))
    yield from listed(NetworkSecurityGroup, reader.pages(GROUPS), partial(_group, reader))
    yield from _networks(reader)


def _networks(reader: AzureReader) -> Iterator[Piece]:
    """Yield networks and subnets: one list feeds both kinds, so its state is the state of both."""
    for piece in listed_each(reader, VirtualNetwork, reader.pages(NETWORKS), partial(_network, reader)):
        yield piece
        if isinstance(piece, Listing):
            yield Listing(Subnet.KIND, piece.state, piece.reason)


def _interface(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[NetworkInterface] = facts_of(
        NetworkInterface,
        INTERFACES.call,
        item,
        virtual_machine=id_at("virtualMachine", "id"),
        private_endpoint=id_at("privateEndpoint", "id"),
        security_group=id_at("networkSecurityGroup", "id"),
        ip_configurations=lambda i: [_configuration(c) for c in i["properties"]["ipConfigurations"]],
        ip_forwarding="properties.enableIPForwarding",
    )
    return finish(facts, reader, item)


def _configuration(entry: Json) -> Json:
    properties = entry["properties"]
    pools = ("loadBalancerBackendAddressPools", "applicationGatewayBackendAddressPools")
    return {
        "name": entry.get("name"),
        "private_address": properties.get("privateIPAddress"),
        "subnet": optional_id((properties.get("subnet") or {}).get("id")),
        "public_address": optional_id((properties.get("publicIPAddress") or {}).get("id")),
        "application_groups": ids_in(properties.get("applicationSecurityGroups")),
        "backend_pools": [id for key in pools for id in ids_in(properties.get(key))],
        "inbound_nat_rules": ids_in(properties.get("loadBalancerInboundNatRules")),
    }


def _address(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[PublicIpAddress] = facts_of(
        PublicIpAddress,
        ADDRESSES.call,
        item,
        address="properties.ipAddress",
        ip_version="properties.publicIPAddressVersion",
        sku="sku.name",
        allocation="properties.publicIPAllocationMethod",
        attached_to=id_at("ipConfiguration", "id"),
        dns_name="properties.dnsSettings.fqdn",
    )
    return finish(facts, reader, item)


def _group(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[NetworkSecurityGroup] = facts_of(
        NetworkSecurityGroup,
        GROUPS.call,
        item,
        rules=lambda i: [_rule(r) for r in i["properties"]["securityRules"]],
        default_rules=lambda i: [_rule(r) for r in i["properties"]["defaultSecurityRules"]],
        # Both lists are left out where the group guards nothing (recorded answers of 2019 to 2024).
        subnets=lambda i: ids_in(i["properties"].get("subnets")),
        network_interfaces=lambda i: ids_in(i["properties"].get("networkInterfaces")),
    )
    return finish(facts, reader, item)


def _rule(entry: Json) -> Json:
    properties = entry["properties"]
    return {
        "name": entry["name"],
        "priority": properties["priority"],
        "direction": properties["direction"],
        "access": properties["access"],
        "protocol": properties["protocol"],
        "source_prefixes": _both(properties, "sourceAddressPrefix", "sourceAddressPrefixes"),
        "source_groups": ids_in(properties.get("sourceApplicationSecurityGroups")),
        "source_ports": _both(properties, "sourcePortRange", "sourcePortRanges"),
        "destination_prefixes": _both(properties, "destinationAddressPrefix", "destinationAddressPrefixes"),
        "destination_groups": ids_in(properties.get("destinationApplicationSecurityGroups")),
        "destination_ports": _both(properties, "destinationPortRange", "destinationPortRanges"),
    }


def _both(properties: Mapping[str, Json], one: str, many: str) -> list[str]:
    """Return the values of a property that comes as one text, as a list, or as both."""
    single = properties.get(one)
    return ([single] if single else []) + list(properties.get(many) or ())


def _network(reader: AzureReader, item: Json) -> Iterator[Piece]:
    facts: Facts[VirtualNetwork] = facts_of(
        VirtualNetwork,
        NETWORKS.call,
        item,
        address_prefixes="properties.addressSpace.addressPrefixes",
        subnets=lambda i: ids_in(i["properties"]["subnets"]),
        peerings=lambda i: [_peering(p) for p in i["properties"]["virtualNetworkPeerings"]],
        dns_servers=lambda i: (i["properties"].get("dhcpOptions") or {}).get("dnsServers") or (),
        ddos_protection="properties.enableDdosProtection",
    )
    facts.read(Ask(reader, ADMIN_RULES, arm_id(item["id"])), admin_rules=_admin_rules)
    yield from finish(facts, reader, item)
    for subnet in item["properties"]["subnets"]:
        yield from _subnet(reader, subnet | {"location": item.get("location")})


def _admin_rules(answer: Json) -> list[Json]:
    """Return the rules in the form of a security group's; an answer that is cut short is none."""
    if answer.get("skipToken"):
        raise ValueError("there are more rules than one answer holds")
    return [_admin_rule(entry) for entry in answer["value"]]


def _admin_rule(entry: Json) -> Json:
    properties = entry["properties"]
    return {
        "name": str(entry["id"]).rpartition("/")[2],
        "priority": properties["priority"],
        "direction": properties["direction"],
        "access": properties["access"],
        "protocol": properties["protocol"],
        "source_prefixes": [one["addressPrefix"] for one in properties.get("sources") or ()] or ["*"],
        "source_groups": (),
        "source_ports": properties.get("sourcePortRanges") or ["*"],
        "destination_prefixes": [one["addressPrefix"] for one in properties.get("destinations") or ()] or ["*"],
        "destination_groups": (),
        "destination_ports": properties.get("destinationPortRanges") or ["*"],
    }


def _peering(entry: Json) -> Json:
    properties = entry["properties"]
    return {
        "name": entry["name"],
        "state": properties.get("peeringState"),
        "remote_network": optional_id((properties.get("remoteVirtualNetwork") or {}).get("id")),
        "forwarded_traffic": properties.get("allowForwardedTraffic"),
        "gateway_transit": properties.get("allowGatewayTransit"),
    }


def _subnet(reader: AzureReader, item: Json) -> Iterable[Piece]:
    facts: Facts[Subnet] = facts_of(
        Subnet,
        NETWORKS.call,
        item,
        address_prefixes=lambda i: _both(i["properties"], "addressPrefix", "addressPrefixes"),
        security_group=id_at("networkSecurityGroup", "id"),
        route_table=id_at("routeTable", "id"),
        nat_gateway=id_at("natGateway", "id"),
        delegations=lambda i: [d["properties"]["serviceName"] for d in i["properties"].get("delegations") or ()],
        service_endpoints=lambda i: [e["service"] for e in i["properties"].get("serviceEndpoints") or ()],
        default_outbound_access="properties.defaultOutboundAccess",
    )
    facts.set(virtual_network=parent(arm_id(item["id"])), tags={})
    return finish(facts, reader, item)
