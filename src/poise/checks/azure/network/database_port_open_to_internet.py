"""Network security groups that let the internet in at the port of a database.

Databases are made for their own applications; on the internet they are found by scanners, and emptied or held to
ransom through weak passwords and known faults.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.samples.azure_network import SECURITY_GROUP, rule
from poise.policy.azure.nsg import deciding_rules, internet_ports, rules_of
from poise.policy.azure.ports import DATABASES, named


def evaluate(group: NetworkSecurityGroup) -> Verdict:
    rules = rules_of(group)
    ports = internet_ports([rules], DATABASES)
    if ports:
        seen = {port: deciding_rules([rules], port) for port in ports}
        return unhealthy(f"the internet is let in at {named(DATABASES, ports)}", seen=seen)
    return healthy("the internet is let in at no database port")


MYSQL = replace(SECURITY_GROUP, rules=(rule("mysql", 100, destination_ports=("3306",)),))
OFFICE = replace(SECURITY_GROUP, rules=(rule("a", 100, destination_ports=("3306",), source_prefixes=("10.1.0.0/16",)),))
CHECK = Check(
    title="Network security groups should not open database ports to the internet",
    asset=NetworkSecurityGroup,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the network security group {name}, Settings, Inbound security rules; delete the rule or narrow its "
        "source to the subnet of the application.",
        cli="az network nsg rule update --resource-group RESOURCE_GROUP --nsg-name {name} --name RULE "
        "--source-address-prefixes 10.0.1.0/24",
        terraform="""
resource "azurerm_network_security_rule" "database" {
  network_security_group_name = "{name}"
  destination_port_range      = "5432"
  source_address_prefix       = "10.0.1.0/24"
}
""",
        impact="Clients outside of the named network can no longer connect.",
    ),
    examples=(
        Example("443 alone", SECURITY_GROUP, "healthy"),
        Example("3306 from anywhere", MYSQL, "unhealthy", "3306 (MySQL)"),
        Example("3306 from a private network", OFFICE, "healthy"),
        Example("unread", replace(SECURITY_GROUP, unread={"default_rules": "denied"}), "unknown", "denied"),
    ),
)
