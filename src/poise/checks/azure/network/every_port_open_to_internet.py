"""Network security groups that let the internet in at every port.

Such a group guards nothing: whatever listens on a machine behind it, now or after the next installation, can be
reached by everybody.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.samples.azure_network import SECURITY_GROUP, rule
from poise.policy.azure.nsg import deciding_rules, open_ports, rules_of


def evaluate(group: NetworkSecurityGroup) -> Verdict:
    rules = rules_of(group)
    for protocol in ("tcp", "udp"):
        if open_ports([rules], protocol).is_everything():
            seen = deciding_rules([rules], 0, protocol)
            return unhealthy(f"the internet is let in at every {protocol.upper()} port", seen=seen)
    return healthy("the internet is not let in at every port")


ALL = {"protocol": "*", "destination_ports": ("*",)}
EVERY = replace(SECURITY_GROUP, rules=(rule("all", 100, **ALL),))
UDP = replace(SECURITY_GROUP, rules=(rule("udp", 100, protocol="Udp", destination_ports=("0-65535",)),))
HALVES = replace(
    SECURITY_GROUP,
    rules=(rule("low", 100, destination_ports=("0-30000",)), rule("high", 110, destination_ports=("30001-65535",))),
)
CLOSED = replace(SECURITY_GROUP, rules=(rule("none", 90, access="Deny", **ALL), rule("all", 100, **ALL)))
CHECK = Check(
    title="Network security groups should not open every port to the internet",
    asset=NetworkSecurityGroup,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the network security group {name}, Settings, Inbound security rules; replace the rule by one for each "
        "port that must be reached.",
        cli="az network nsg rule update --resource-group RESOURCE_GROUP --nsg-name {name} --name RULE "
        "--protocol Tcp --destination-port-ranges 443",
        terraform="""
resource "azurerm_network_security_rule" "https" {
  network_security_group_name = "{name}"
  protocol                    = "Tcp"
  destination_port_range      = "443"
}
""",
        impact="Whatever is used at another port stops working; flow logs show which ports are.",
    ),
    examples=(
        Example("443 alone", SECURITY_GROUP, "healthy"),
        Example("every port", EVERY, "unhealthy", "TCP"),
        Example("every UDP port", UDP, "unhealthy", "UDP"),
        Example("every port, by two rules", HALVES, "unhealthy", "TCP"),
        Example("denied first", CLOSED, "healthy"),
        Example("unread", replace(SECURITY_GROUP, unread={"rules": "denied"}), "unknown", "denied"),
    ),
)
