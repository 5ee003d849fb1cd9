"""Network security groups that let the internet in at ports other than those of public websites.

Each further open port is one more service that everybody can try. Which ports are meant to be open is your decision:
set them, and every other one is reported.
"""

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.samples.azure_network import SECURITY_GROUP, rule
from poise.policy.azure.nsg import open_ports, rules_of
from poise.policy.intervals import PortSet


def evaluate(group: NetworkSecurityGroup, allowed_ports: tuple[str, ...]) -> Verdict:
    opened = open_ports([rules_of(group)]) - PortSet.of(*(int(port) for port in allowed_ports))
    if opened:
        return unhealthy(f"the internet is let in at TCP {opened}", seen=str(opened))
    return healthy(f"the internet is let in at no TCP port but {', '.join(allowed_ports)}")


CUSTOM = replace(SECURITY_GROUP, rules=(rule("app", 100, destination_ports=("8443", "9000-9010")),))
CHECK = Check(
    title="Network security groups should open only allowed ports to the internet",
    asset=NetworkSecurityGroup,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview",
    evaluate=evaluate,
    parameters=(Parameter("allowed_ports", ("80", "443"), "TCP ports that the internet may reach."),),
    fix=Fix(
        console="Open the network security group {name}, Settings, Inbound security rules; delete the rule or narrow its "
        "source. If the port is meant to be open, add it to the check's allowed ports.",
        cli="az network nsg rule update --resource-group RESOURCE_GROUP --nsg-name {name} --name RULE "
        "--source-address-prefixes 203.0.113.0/24",
        terraform="""
resource "azurerm_network_security_rule" "app" {
  network_security_group_name = "{name}"
  source_address_prefix       = "203.0.113.0/24"
}
""",
        impact="Clients outside of the named network can no longer connect.",
    ),
    examples=(
        Example("443 alone", SECURITY_GROUP, "healthy"),
        Example("other ports", CUSTOM, "unhealthy", "8443, 9000-9010"),
        Example("allowed", CUSTOM, "unhealthy", "9000-9010", parameters={"allowed_ports": ("8443",)}),
        Example("unread", replace(SECURITY_GROUP, unread={"rules": "denied"}), "unknown", "denied"),
    ),
)
