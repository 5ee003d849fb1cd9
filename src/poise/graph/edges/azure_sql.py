"""From where SQL servers of Azure take packets beside the internet: from all of Azure, and from subnets.

The rule from 0.0.0.0 to 0.0.0.0 lets in every address inside of Azure, whoever rents it (Microsoft Learn, "Azure SQL
Database and Azure Synapse IP firewall rules"): an attacker needs a machine there, not one of the estate. Rules do
nothing where public access is disabled.
"""

from __future__ import annotations

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.azure.network import NetworkInterface
from poise.model.azure.sql import SqlServer
from poise.model.graph import Edge, EdgeKind, Evidence, Node
from poise.policy.azure.exposure import azure_rules

AZURE = Node(
    id="network:azure",
    kind="network",
    name="any machine inside of Azure",
    provider="azure",
    scope="",
    insights={"shared": True},
)
PORTS = ("tcp/1433",)
ENABLED = "enabled"


def find(estate: Estate) -> Found:
    """Yield a route from all of Azure, and one from each machine in a subnet that a rule names."""
    inside = _machines_by_subnet(estate)
    for server in estate.of(SqlServer):
        if (read(server, "public_network_access") or "").lower() != ENABLED:
            continue
        for name in azure_rules(read(server, "firewall_rules") or ()):
            yield AZURE
            yield _route(AZURE.id, server, "firewall_rules", f"{name} lets in every address inside of Azure")
        for subnet in read(server, "virtual_network_rules") or ():
            for machine in sorted(inside.get(subnet.lower(), ())):
                yield _route(machine, server, "virtual_network_rules", f"subnet {subnet.rpartition('/')[2]} is let in")


def _machines_by_subnet(estate: Estate) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for interface in estate.of(NetworkInterface):
        machine = read(interface, "virtual_machine")
        for one in read(interface, "ip_configurations") or ():
            if machine and one.subnet:
                found.setdefault(one.subnet.lower(), set()).add(machine)
    return found


def _route(source: str, server: SqlServer, field: str, says: str) -> Edge:
    proof = Evidence(asset=server.id, field=field, says=says)
    return Edge(source=source, target=server.id, kind=EdgeKind.ROUTES_TO, ports=PORTS, evidence=(proof,))


FAMILY = Family(Width.PROVIDER, find, "azure")
