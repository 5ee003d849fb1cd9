"""Subnets that no network security group guards.

Everything in the virtual network and in networks that are linked to it reaches every port in such a subnet, and so does
the internet where a machine has a Basic public address. Subnets that Azure fills and guards itself are left out.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.network import Subnet
from poise.model.samples.azure_network import SUBNET

AZURE_OWN = frozenset({"gatewaysubnet", "azurefirewallsubnet", "azurefirewallmanagementsubnet", "routeserversubnet"})
"""Subnets that cannot have a group, or must not (Microsoft Learn: VPN gateway, Azure Firewall, Route Server)."""


def evaluate(subnet: Subnet) -> Verdict:
    if subnet.name.lower() in AZURE_OWN:
        return not_applicable(f"{subnet.name} is guarded by Azure itself")
    if subnet.security_group is None:
        return unhealthy("no network security group guards it")
    return healthy("a network security group guards it", seen=subnet.security_group)


CHECK = Check(
    title="Subnets should have a network security group",
    asset=Subnet,
    severity=Severity.LOW,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-network/network-security-group-how-it-works",
    evaluate=evaluate,
    fix=Fix(
        console="Open the virtual network, Settings, Subnets, {name}, Network security group; choose one; Save.",
        cli="az network vnet subnet update --ids {id} --network-security-group GROUP_ID",
        terraform="""
resource "azurerm_subnet_network_security_group_association" "this" {
  subnet_id                 = azurerm_subnet.this.id
  network_security_group_id = azurerm_network_security_group.this.id
}
""",
        impact="Traffic from the internet that no rule allows stops at once.",
    ),
    examples=(
        Example("guarded", SUBNET, "healthy"),
        Example("not guarded", replace(SUBNET, security_group=None), "unhealthy"),
        Example("gateway", replace(SUBNET, name="GatewaySubnet", security_group=None), "not_applicable"),
        Example("unread", replace(SUBNET, unread={"security_group": "denied"}), "unknown", "denied"),
    ),
)
