"""Public end points of services as hops: the firewalls of storage accounts, key vaults and SQL servers."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from poise.model.asset import Asset
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.network_rules import NetworkRules
from poise.model.azure.sql import FirewallRule, SqlServer
from poise.model.azure.storage import StorageAccount
from poise.policy.answer import Reason, Unread
from poise.policy.azure.exposure import ALL_AZURE
from poise.policy.intervals import IpSet, PortSet, union
from poise.policy.lookups import known
from poise.policy.reach import Clause, End, Hop, barrier, unread_hop
from poise.policy.traffic import Traffic

Service = StorageAccount | KeyVault | SqlServer
HTTPS, SQL = PortSet.of(443), PortSet.of(1433)
DISABLED, PERIMETER = "disabled", "securedbyperimeter"


def service_hops(service: Service) -> tuple[Hop, ...]:
    """Return the port of a service and what its firewall lets in from addresses; private end points are not counted."""
    port = SQL if isinstance(service, SqlServer) else HTTPS
    passed = Traffic.between(port, IpSet.every())
    listens = Clause(Reason(f"listens at {port}", source=service.id), True, passed)
    first = Hop(
        End.SOURCE, passed, passed, Reason(f"it listens at {port} alone", source=service.id), lambda: (listens,)
    )
    made = known(lambda: _firewall(service), service.id)
    return (first, unread_hop(End.SOURCE, made) if isinstance(made, Unread) else made)


def _firewall(service: Service) -> Hop:
    access = (service.public_network_access or "Enabled").lower()
    if access == DISABLED:
        return barrier(End.SOURCE, Reason("public network access is disabled", source=service.id))
    if access == PERIMETER:
        return unread_hop(End.SOURCE, Unread("network security perimeters", "they are not collected"))
    if isinstance(service, SqlServer):
        return _by_ranges(service, ((rule.name, _range(rule)) for rule in service.firewall_rules))
    return _by_rules(service, service.network_rules)


def _by_rules(service: Service, rules: NetworkRules | None) -> Hop:
    if rules is None or (rules.default_action or "Allow").lower() == "allow":
        text = "no firewall was ever set" if rules is None else "the firewall lets in every network"
        clause = Clause(Reason(text, source=service.id), True, Traffic.every())
        return Hop(End.SOURCE, Traffic.every(), Traffic.every(), clause.reason, lambda: (clause,))
    return _by_ranges(service, ((text, IpSet.from_cidrs((text,))) for text in rules.ip_rules))


def _by_ranges(service: Asset, ranges: Iterable[tuple[str, IpSet]]) -> Hop:
    clauses = [
        Clause(
            Reason(f"firewall rule {name} lets it in", source=service.id), True, Traffic.between(PortSet.every(), found)
        )
        for name, found in ranges
    ]
    passed = Traffic.of(part for clause in clauses for part in clause.traffic.parts)
    return Hop(End.SOURCE, passed, passed, Reason("no firewall rule lets it in", source=service.id), lambda: clauses)


def _range(rule: FirewallRule) -> IpSet:
    """Return the addresses of a rule; the one for all of Azure names none in particular."""
    if rule.start == rule.end == ALL_AZURE:
        return IpSet()
    return IpSet(union(((int(ipaddress.IPv4Address(rule.start)), int(ipaddress.IPv4Address(rule.end))),)))
