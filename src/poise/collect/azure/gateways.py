"""Reads what stands between the internet and networks: route tables, firewalls, gateways, balancers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import facts_of, finish, id_at, ids_in, listed_each
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AskAll, AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.gateways import (
    ApplicationGateway,
    AzureFirewall,
    FirewallPolicy,
    LoadBalancer,
    RouteTable,
)
from poise.model.azure.ids import arm_id, optional_id
from poise.model.listing import Read


def _operation(name: str, path: str, kind: str) -> Operation:
    permission = f"Microsoft.Network/{kind}/read"
    return Operation(service="gateways", name=name, path=path, version="2023-09-01", permission=permission)


def _list_all(name: str, kind: str) -> Operation:
    return _operation(name, f"/providers/Microsoft.Network/{kind}", kind)


TABLES = _list_all("RouteTables_ListAll", "routeTables")
FIREWALLS = _list_all("AzureFirewalls_ListAll", "azureFirewalls")
POLICIES = _list_all("FirewallPolicies_ListAll", "firewallPolicies")
GROUPS = _operation(
    "FirewallPolicyRuleCollectionGroups_List", "/ruleCollectionGroups", "firewallPolicies/ruleCollectionGroups"
)
GATEWAYS = _list_all("ApplicationGateways_ListAll", "applicationGateways")
BALANCERS = _list_all("LoadBalancers_ListAll", "loadBalancers")
READS: tuple[Read, ...] = (
    TABLES.feeds("RouteTable"),
    FIREWALLS.feeds("AzureFirewall"),
    POLICIES.feeds("FirewallPolicy"),
    GROUPS.feeds("FirewallPolicy.nat_rules"),
    GATEWAYS.feeds("ApplicationGateway"),
    BALANCERS.feeds("LoadBalancer"),
)
NAT_COLLECTION, NAT_RULE = "FirewallPolicyNatRuleCollection", "NatRule"


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield each kind, followed by the state of its listing."""
    yield from listed(RouteTable, reader.pages(TABLES), partial(_table, reader))
    yield from listed(AzureFirewall, reader.pages(FIREWALLS), partial(_firewall, reader))
    yield from listed_each(reader, FirewallPolicy, reader.pages(POLICIES), partial(_policy, reader))
    yield from listed(ApplicationGateway, reader.pages(GATEWAYS), partial(_gateway, reader))
    yield from listed(LoadBalancer, reader.pages(BALANCERS), partial(_balancer, reader))


def _table(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[RouteTable] = facts_of(
        RouteTable,
        TABLES.call,
        item,
        routes=lambda i: [_route(entry) for entry in i["properties"]["routes"]],
        subnets=lambda i: ids_in(i["properties"].get("subnets")),
    )
    return finish(facts, reader, item)


def _route(entry: Json) -> Json:
    properties = entry["properties"]
    return {
        "name": entry["name"],
        "prefix": properties["addressPrefix"],
        "next_hop": properties["nextHopType"],
        "next_hop_address": properties.get("nextHopIpAddress") or None,
    }


def _firewall(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[AzureFirewall] = facts_of(
        AzureFirewall,
        FIREWALLS.call,
        item,
        policy=id_at("firewallPolicy", "id"),
        # A firewall of a virtual hub has neither subnet nor address configuration of its own.
        subnets=lambda i: _ids_below(i["properties"].get("ipConfigurations"), "subnet"),
        public_addresses=lambda i: _ids_below(i["properties"].get("ipConfigurations"), "publicIPAddress"),
        nat_rules=lambda i: [
            _dnat(rule)
            for collection in i["properties"].get("natRuleCollections") or ()
            for rule in collection["properties"]["rules"]
        ],
        threat_intelligence="properties.threatIntelMode",
    )
    return finish(facts, reader, item)


def _ids_below(entries: Json, key: str) -> list[str]:
    return [arm_id(one["properties"][key]["id"]) for one in entries or () if one["properties"].get(key)]


def _dnat(rule: Json) -> Json:
    protocols = rule.get("ipProtocols", rule.get("protocols"))
    if protocols is None:
        raise KeyError("protocols")
    return {
        "name": rule["name"],
        "protocols": protocols,
        "sources": rule.get("sourceAddresses") or (),
        "source_groups": [arm_id(id) for id in rule.get("sourceIpGroups") or ()],
        "destinations": rule.get("destinationAddresses") or (),
        "ports": rule["destinationPorts"],
        "translated_address": rule.get("translatedAddress") or None,
        "translated_name": rule.get("translatedFqdn") or None,
        "translated_port": rule["translatedPort"],
    }


def _policy(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[FirewallPolicy] = facts_of(FirewallPolicy, POLICIES.call, item, base_policy=id_at("basePolicy", "id"))
    facts.read(
        AskAll(reader, GROUPS, arm_id(item["id"])),
        nat_rules=lambda found: [
            _dnat(rule)
            for group in found["value"]
            for collection in group["properties"].get("ruleCollections") or ()
            if collection["ruleCollectionType"] == NAT_COLLECTION
            for rule in collection["rules"]
            if rule["ruleType"] == NAT_RULE
        ],
    )
    return finish(facts, reader, item)


def _gateway(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[ApplicationGateway] = facts_of(
        ApplicationGateway,
        GATEWAYS.call,
        item,
        tier="properties.sku.tier",
        subnets=lambda i: _ids_below(i["properties"]["gatewayIPConfigurations"], "subnet"),
        front_ends=lambda i: _front_ends(i["properties"]["frontendIPConfigurations"]),
        routes=lambda i: list(_routes(i["properties"])),
        pools=lambda i: [_gateway_pool(pool) for pool in i["properties"]["backendAddressPools"]],
        web_firewall=_web_firewall,
        web_firewall_policy=id_at("firewallPolicy", "id"),
    )
    return finish(facts, reader, item)


def _front_ends(entries: Json) -> list[Json]:
    return [
        {
            "id": arm_id(one["id"]),
            "public_address": optional_id((one["properties"].get("publicIPAddress") or {}).get("id")),
        }
        for one in entries
    ]


def _web_firewall(item: Json) -> str | None:
    settings = item["properties"].get("webApplicationFirewallConfiguration")
    return settings["firewallMode"] if settings and settings["enabled"] else None


def _gateway_pool(pool: Json) -> Json:
    entries = pool["properties"].get("backendAddresses") or ()
    return {"id": arm_id(pool["id"]), "addresses": [one.get("ipAddress") or one["fqdn"] for one in entries]}


def _routes(properties: Json) -> Iterator[Json]:
    """Yield each way from a listener to a pool; a rule that only redirects has none."""
    listeners = {arm_id(one["id"]): one["properties"] for one in properties["httpListeners"]}
    ports = {arm_id(one["id"]): one["properties"]["port"] for one in properties["frontendPorts"]}
    settings = {arm_id(one["id"]): one["properties"]["port"] for one in properties["backendHttpSettingsCollection"]}
    maps = {arm_id(one["id"]): one["properties"] for one in properties.get("urlPathMaps") or ()}
    for rule in properties["requestRoutingRules"]:
        listener = listeners[arm_id(rule["properties"]["httpListener"]["id"])]
        for pool, setting in _targets(rule["properties"], maps):
            yield {
                "rule": rule["name"],
                "front_end": arm_id(listener["frontendIPConfiguration"]["id"]),
                "protocol": listener["protocol"],
                "port": ports[arm_id(listener["frontendPort"]["id"])],
                "pool": pool,
                "target_port": settings[setting],
            }


def _targets(rule: Json, maps: dict[str, Json]) -> Iterator[tuple[str, str]]:
    parts = [(rule.get("backendAddressPool"), rule.get("backendHttpSettings"))]
    if rule.get("urlPathMap"):
        paths = maps[arm_id(rule["urlPathMap"]["id"])]
        parts.append((paths.get("defaultBackendAddressPool"), paths.get("defaultBackendHttpSettings")))
        found = [one["properties"] for one in paths.get("pathRules") or ()]
        parts += [(one.get("backendAddressPool"), one.get("backendHttpSettings")) for one in found]
    yield from ((arm_id(pool["id"]), arm_id(setting["id"])) for pool, setting in parts if pool and setting)


def _balancer(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[LoadBalancer] = facts_of(
        LoadBalancer,
        BALANCERS.call,
        item,
        sku="sku.name",
        front_ends=lambda i: _front_ends(i["properties"]["frontendIPConfigurations"]),
        rules=lambda i: [_balancer_rule(rule) for rule in i["properties"].get("loadBalancingRules") or ()],
        forwards=lambda i: [_balancer_rule(rule) for rule in i["properties"].get("inboundNatRules") or ()],
        pools=lambda i: [_balancer_pool(pool) for pool in i["properties"].get("backendAddressPools") or ()],
    )
    return finish(facts, reader, item)


def _balancer_rule(rule: Json) -> Json:
    properties = rule["properties"]
    # A rule to several pools states them as a list, one to a single pool as that pool, and the list too.
    pools = [properties.get("backendAddressPool"), *(properties.get("backendAddressPools") or ())]
    return {
        "id": arm_id(rule["id"]),
        "front_end": arm_id(properties["frontendIPConfiguration"]["id"]),
        "protocol": properties["protocol"],
        "port": properties.get("frontendPort") or 0,
        "target_port": properties.get("backendPort") or 0,
        "pools": list(dict.fromkeys(arm_id(pool["id"]) for pool in pools if pool)),
    }


def _balancer_pool(pool: Json) -> Json:
    entries = pool["properties"].get("loadBalancerBackendAddresses") or ()
    found = [(one.get("properties") or {}).get("ipAddress") for one in entries]
    return {"id": arm_id(pool["id"]), "addresses": [address for address in found if address]}
