"""From which subnets and addresses vaults and storage accounts let calls in, unless they take them from everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.network import NetworkInterface
from poise.model.azure.storage import StorageAccount
from poise.model.graph import Edge, EdgeKind, Evidence

OFF, DENY = "disabled", "deny"
FIREWALL = ("public_network_access", "network_rules")
"""Facts without which it is not known who is let in."""


def find(estate: Estate) -> Found:
    """Yield what is told of firewalls, and which machines lie in which subnet."""
    for vault in estate.of(KeyVault):
        yield from _allowed(vault)
    for account in estate.of(StorageAccount):
        yield from _allowed(account)
    for interface in estate.of(NetworkInterface):
        yield from _inside(interface)


def _allowed(asset: KeyVault | StorageAccount) -> Iterator[Told]:
    """Tell the subnets and addresses that are let in; nothing of what takes calls from everywhere."""
    public, rules = read(asset, "public_network_access"), read(asset, "network_rules")
    if public is not None and public.lower() == OFF:
        yield Told(asset.id, "allowed_networks", [])
        return
    hidden = [f"{name} ({asset.unread[name]})" for name in FIREWALL if name in asset.unread]
    if hidden:
        yield Told(asset.id, "unread_firewall", "; ".join(hidden))
    elif rules is not None and (rules.default_action or "").lower() == DENY:
        yield Told(asset.id, "allowed_networks", sorted(one.lower() for one in rules.subnets))
        named = sorted((*rules.ip_rules, *rules.resource_instances))
        if named:
            yield Told(asset.id, "allowed_addresses", named)


def _inside(interface: NetworkInterface) -> Iterator[Edge]:
    machine = read(interface, "virtual_machine")
    for one in read(interface, "ip_configurations") or ():
        if machine and one.subnet:
            proof = Evidence(
                asset=interface.id, field="ip_configurations", says=f"{machine.rpartition('/')[2]} is in it"
            )
            yield Edge(source=one.subnet.lower(), target=machine, kind=EdgeKind.CONTAINS, evidence=(proof,))


FAMILY = Family(Width.SCOPE, find, "azure")
