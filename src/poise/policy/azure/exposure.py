"""How far the public end points of Azure services are open: storage accounts, vaults, SQL servers.

Source: Microsoft Learn, "Configure Azure Storage firewalls and virtual networks", "Network security for Azure Key
Vault", "Azure SQL Database server-level IP firewall rules".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from poise.model.azure.network_rules import NetworkRules
from poise.model.azure.sql import FirewallRule
from poise.model.errors import BadInput, NotCollected
from poise.policy.answer import Exposure, Level, Reason
from poise.policy.intervals import V4, V6, IpSet, union

ALL_AZURE = "0.0.0.0"  # noqa: S104 - Azure's notation for a rule, no address to listen on


def endpoint_exposure(public_network_access: str | None, rules: NetworkRules | None) -> Exposure:
    """Return how far a public end point with a firewall (`networkAcls`) is open."""
    access = (public_network_access or "Enabled").lower()
    if access == "disabled":
        return _exposure(Level.PRIVATE, "public network access is disabled")
    if access == "securedbyperimeter":
        return _exposure(Level.UNKNOWN, "a network security perimeter decides, and perimeters are not read")
    if rules is None:
        return _exposure(Level.PUBLIC, "no firewall was ever set, so every network is let in")
    if (rules.default_action or "Allow").lower() == "allow":
        return _exposure(Level.PUBLIC, "the firewall lets in every network")
    return _denied_by_default(rules)


def _denied_by_default(rules: NetworkRules) -> Exposure:
    try:
        addresses = IpSet.from_cidrs(rules.ip_rules)
    except BadInput as problem:
        raise NotCollected("network_rules", problem.what) from problem
    if addresses.is_internet(V4) or addresses.is_internet(V6):
        return _exposure(Level.PUBLIC, "the firewall's address rules add up to the whole internet")
    named = len(rules.ip_rules) + len(rules.subnets) + len(rules.resource_instances)
    if named:
        return _exposure(Level.RESTRICTED, f"the firewall lets in {named} named networks or assets")
    return _exposure(Level.PRIVATE, "the firewall lets in no network")


def sql_exposure(public_network_access: str, rules: Iterable[FirewallRule]) -> Exposure:
    """Return how far a SQL server's public end point is open to addresses; virtual networks are not counted."""
    access = public_network_access.lower()
    if access == "disabled":
        return _exposure(Level.PRIVATE, "public network access is disabled")
    if access == "securedbyperimeter":
        return _exposure(Level.UNKNOWN, "a network security perimeter decides, and perimeters are not read")
    rules = tuple(rules)
    if not rules:
        return _exposure(Level.PRIVATE, "there is no firewall rule")
    if opens_internet(rules):
        return _exposure(Level.PUBLIC, "the firewall rules add up to the whole internet", internet_rules(rules))
    if opens_azure(rules):
        return _exposure(Level.RESTRICTED, "everybody inside Azure is let in", azure_rules(rules))
    return _exposure(Level.RESTRICTED, "the firewall lets in named addresses", tuple(r.name for r in rules))


def opens_internet(rules: Iterable[FirewallRule]) -> bool:
    """Say whether firewall rules add up to every public address."""
    return IpSet(union(*(((_range(rule)),) for rule in rules))).is_internet(V4)


def opens_azure(rules: Iterable[FirewallRule]) -> bool:
    """Say whether a rule lets in every address inside Azure, whoever rents it."""
    return bool(azure_rules(rules))


def azure_rules(rules: Iterable[FirewallRule]) -> tuple[str, ...]:
    """Return the names of the rules from 0.0.0.0 to 0.0.0.0, which mean: every address inside Azure."""
    return tuple(rule.name for rule in rules if rule.start == rule.end == ALL_AZURE)


def internet_rules(rules: Iterable[FirewallRule]) -> tuple[str, ...]:
    """Return the names of the rules that are more than addresses inside Azure, widest first."""
    wide = [rule for rule in rules if not rule.start == rule.end == ALL_AZURE]
    return tuple(rule.name for rule in sorted(wide, key=lambda rule: _range(rule)[0] - _range(rule)[1]))


def _range(rule: FirewallRule) -> tuple[int, int]:
    try:
        first, last = int(ipaddress.IPv4Address(rule.start)), int(ipaddress.IPv4Address(rule.end))
    except ValueError as problem:
        raise NotCollected("firewall_rules", f"rule {rule.name} cannot be understood: {problem}") from problem
    if first > last:
        raise NotCollected("firewall_rules", f"rule {rule.name} cannot be understood: it ends before it starts")
    return first, last


def _exposure(level: Level, text: str, names: tuple[str, ...] = ()) -> Exposure:
    return Exposure(level, tuple(Reason(text, source=name) for name in names) or (Reason(text),))
