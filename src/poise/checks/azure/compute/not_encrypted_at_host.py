"""Virtual machines whose host does not encrypt temporary disks and caches.

Managed disks are encrypted in storage, but the temporary disk and the caches on the host are not, nor the way between
them, unless encryption at host is on. It is off where nobody set it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.compute import VirtualMachine
from poise.model.samples.azure_compute import VIRTUAL_MACHINE


def evaluate(machine: VirtualMachine) -> Verdict:
    if machine.encryption_at_host:
        return healthy("the host encrypts temporary disks and caches")
    return unhealthy("temporary disks and caches are not encrypted", seen=machine.encryption_at_host)


CHECK = Check(
    title="Virtual machines should be encrypted at the host",
    asset=VirtualMachine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-machines/disk-encryption-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Stop the machine {name}; open Settings, Disks, Additional settings, Encryption at host, Yes, Save; start it.",
        cli="az vm deallocate --ids {id}\n"
        "az vm update --ids {id} --set securityProfile.encryptionAtHost=true\naz vm start --ids {id}",
        terraform="""
resource "azurerm_linux_virtual_machine" "this" {
  name                       = "{name}"
  encryption_at_host_enabled = true
}
""",
        impact="The machine must be stopped for it. The feature must be registered in the subscription once, and a few "
        "old sizes lack it. A machine with Azure Disk Encryption cannot have both.",
    ),
    examples=(
        Example("on", VIRTUAL_MACHINE, "healthy"),
        Example("off", replace(VIRTUAL_MACHINE, encryption_at_host=False), "unhealthy"),
        Example("never set", replace(VIRTUAL_MACHINE, encryption_at_host=None), "unhealthy"),
        Example("unread", replace(VIRTUAL_MACHINE, unread={"encryption_at_host": "denied"}), "unknown", "denied"),
    ),
)
