"""Virtual machines that the internet reaches by SSH, RDP or WinRM.

Such machines are found within minutes by password guessers and by exploits of the service itself. The verdict follows
the whole way: public address, security admin rules, security groups of subnet and interface, and the address's default
where there is none.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.azure.compute import VirtualMachine
from poise.model.samples.azure_compute import VIRTUAL_MACHINE as VM
from poise.model.samples.azure_network import (
    NETWORK_INTERFACE,
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
    VIRTUAL_NETWORK,
    interface_with,
    rule,
)
from poise.policy.azure.ports import MANAGEMENT, named
from poise.policy.azure.reach import machine_reach


def evaluate(machine: VirtualMachine, inventory: Inventory) -> Verdict:
    reach = machine_reach(machine, inventory, MANAGEMENT)
    if reach.openings:
        ports = tuple(sorted({port for opening in reach.openings for port in opening.ports}))
        unless = " unless security admin rules, which were not read, forbid it" if reach.admin_unread else ""
        return unhealthy(f"the internet reaches {named(MANAGEMENT, ports)}{unless}", seen=reach.openings)
    if reach.behind_balancer:
        return unknown("its groups are open, and a load balancer that is not read may lead to it")
    if not reach.has_public_address:
        return healthy("no public address leads to it")
    return healthy("its security groups let the internet in at no management port")


SSH = replace(SECURITY_GROUP, rules=(rule("ssh", 100, destination_ports=("22",)),))
OWN_GROUP = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}-nic")
GUARDED_TWICE = (replace(NETWORK_INTERFACE, security_group=OWN_GROUP.id), OWN_GROUP)
BARE = (NETWORK_INTERFACE, replace(SUBNET, security_group=None))
BASIC = replace(PUBLIC_ADDRESS, sku="Basic")
POOLED = interface_with(public_address=None, backend_pools=("/subscriptions/s/pool",))
SHUT = replace(VIRTUAL_NETWORK, admin_rules=(rule("no-ssh", 1, access="Deny", destination_ports=("22",)),))
OPENED = replace(VIRTUAL_NETWORK, admin_rules=(rule("ssh", 1, access="AlwaysAllow", destination_ports=("22",)),))
DENIED = {"Microsoft.Network/networkSecurityGroups": "AuthorizationFailed"}

CHECK = Check(
    title="Virtual machines should not be reachable from the internet on management ports",
    asset=VirtualMachine,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-network/network-security-group-how-it-works",
    evaluate=evaluate,
    fix=Fix(
        console="Open the machine {name}, Networking, Network settings; delete the inbound rules for 22, 3389, 5985 and "
        "5986 or narrow their source to your network; connect through Bastion.",
        cli="az network nsg rule update --resource-group RESOURCE_GROUP --nsg-name GROUP --name RULE "
        "--source-address-prefixes 203.0.113.0/24",
        terraform="""
resource "azurerm_network_security_rule" "ssh" {
  destination_port_range = "22"
  source_address_prefix  = "203.0.113.0/24"
}
""",
        impact="Sessions from other addresses end, and their owners need another way in.",
    ),
    examples=(
        Example("no interface named", replace(VM, network_interfaces=()), "unknown", "every machine has one"),
        Example(
            "one interface not read, the other open",
            replace(VM, network_interfaces=(f"{NETWORK_INTERFACE.id}-2", NETWORK_INTERFACE.id)),
            "unhealthy",
            "SSH",
            (NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, SSH),
        ),
        Example(
            "443 alone", VM, "healthy", "no management", (NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, SECURITY_GROUP)
        ),
        Example("22 by rule", VM, "unhealthy", "22 (SSH)", (NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, SSH)),
        Example("its own group closes it", VM, "healthy", "", (*GUARDED_TWICE, SUBNET, PUBLIC_ADDRESS, SSH)),
        Example("no group, Basic address", VM, "unhealthy", "3389 (RDP)", (*BARE, BASIC)),
        Example("no group, Standard address", VM, "healthy", "", (*BARE, PUBLIC_ADDRESS)),
        Example("no address", VM, "healthy", "no public", (interface_with(public_address=None), SUBNET, SSH)),
        Example("an admin rule closes it", VM, "healthy", "", (NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, SSH, SHUT)),
        Example(
            "an admin rule opens it past the groups",
            VM,
            "unhealthy",
            "22 (SSH)",
            (NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS, SECURITY_GROUP, OPENED),
        ),
        Example("balanced, open", VM, "unknown", "load balancer", (POOLED, SUBNET, SSH)),
        Example("balanced, closed", VM, "healthy", "", (POOLED, SUBNET, SECURITY_GROUP)),
        Example("groups denied", VM, "unknown", "Failed", (NETWORK_INTERFACE, SUBNET, PUBLIC_ADDRESS), DENIED),
        Example("no such interface", VM, "unknown", "not in the inventory"),
    ),
)
