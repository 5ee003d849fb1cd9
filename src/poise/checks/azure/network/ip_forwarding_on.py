"""Network interfaces that pass on packets meant for others.

A machine with IP forwarding can stand between others and read or change their traffic. Only firewalls and routers of
your own need it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.network import NetworkInterface
from poise.model.samples.azure_network import NETWORK_INTERFACE


def evaluate(interface: NetworkInterface) -> Verdict:
    if interface.ip_forwarding:
        return unhealthy("it passes on packets meant for others", seen=True)
    return healthy("it takes only its own packets")


CHECK = Check(
    title="Network interfaces should not forward packets",
    asset=NetworkInterface,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-network/virtual-network-network-interface",
    evaluate=evaluate,
    fix=Fix(
        console="Open the network interface {name}, Settings, IP configurations, clear Enable IP forwarding, Apply.",
        cli="az network nic update --ids {id} --ip-forwarding false",
        terraform="""
resource "azurerm_network_interface" "this" {
  name                  = "{name}"
  ip_forwarding_enabled = false
}
""",
        impact="If the machine is a firewall or router, traffic through it stops; exempt it instead.",
    ),
    examples=(
        Example("off", NETWORK_INTERFACE, "healthy"),
        Example("on", replace(NETWORK_INTERFACE, ip_forwarding=True), "unhealthy"),
        Example("unread", replace(NETWORK_INTERFACE, unread={"ip_forwarding": "denied"}), "unknown", "denied"),
    ),
)
