"""Network security groups that let the internet in at SSH, RDP or WinRM.

Every machine behind such a group that has or gets a public address is tried by password guessers and exploits within
minutes. Rules are judged in order of priority, so a denial before the permission counts.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.samples.azure_network import SECURITY_GROUP, rule
from poise.policy.azure.nsg import deciding_rules, internet_ports, rules_of
from poise.policy.azure.ports import MANAGEMENT, named


def evaluate(group: NetworkSecurityGroup) -> Verdict:
    rules = rules_of(group)
    ports = internet_ports([rules], MANAGEMENT)
    if ports:
        seen = {port: deciding_rules([rules], port) for port in ports}
        return unhealthy(f"the internet is let in at {named(MANAGEMENT, ports)}", seen=seen)
    return healthy("the internet is let in at no management port")


def _with(*rules: object) -> NetworkSecurityGroup:
    return replace(SECURITY_GROUP, rules=rules)


SSH = {"destination_ports": ("22",)}
CHECK = Check(
    title="Network security groups should not open management ports to the internet",
    asset=NetworkSecurityGroup,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the network security group {name}, Settings, Inbound security rules; delete the rule or narrow its "
        "source to your network.",
        cli="az network nsg rule update --resource-group RESOURCE_GROUP --nsg-name {name} --name RULE "
        "--source-address-prefixes 203.0.113.0/24",
        terraform="""
resource "azurerm_network_security_rule" "ssh" {
  network_security_group_name = "{name}"
  destination_port_range      = "22"
  source_address_prefix       = "203.0.113.0/24"
}
""",
        impact="Sessions from other addresses end, and their owners need another way in.",
    ),
    examples=(
        Example("443 alone", SECURITY_GROUP, "healthy"),
        Example("22 from anywhere", _with(rule("a", 100, **SSH)), "unhealthy", "22 (SSH)"),
        Example("any spelling", _with(rule("a", 100, source_prefixes=("INTERNET",), **SSH)), "unhealthy"),
        Example("a range", _with(rule("a", 100, destination_ports=("3000-4000",))), "unhealthy", "3389 (RDP)"),
        Example("ICMP", _with(rule("a", 100, protocol="Icmp", destination_ports=("*",))), "healthy"),
        Example("denied first", _with(rule("a", 200, **SSH), rule("b", 100, access="Deny", **SSH)), "healthy"),
        Example("denied too late", _with(rule("a", 100, **SSH), rule("b", 200, access="Deny", **SSH)), "unhealthy"),
        Example("named network", _with(rule("a", 100, source_prefixes=("198.51.100.0/22",), **SSH)), "healthy"),
        Example("unread", replace(SECURITY_GROUP, unread={"rules": "denied"}), "unknown", "denied"),
    ),
)
