"""Virtual machines on disks that are files in a storage account.

Whoever holds the account's key reads, changes or deletes the disk; disk encryption, access rules of its own and
snapshots by role are missing. Azure retires unmanaged disks.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.compute import AttachedDisk, VirtualMachine
from poise.model.samples.azure_compute import VIRTUAL_MACHINE


def evaluate(machine: VirtualMachine) -> Verdict:
    files = [disk.vhd for disk in (machine.os_disk, *machine.data_disks) if disk.vhd is not None]
    if files:
        return unhealthy(f"{len(files)} of its disks are files in a storage account", seen=files)
    return healthy("all of its disks are managed")


FILE = AttachedDisk(name="data", disk=None, vhd="https://shopdisks.blob.core.windows.net/vhds/data.vhd")
CHECK = Check(
    title="Virtual machines should use managed disks",
    asset=VirtualMachine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-machines/unmanaged-disks-deprecation",
    evaluate=evaluate,
    fix=Fix(
        console="Stop the machine {name}, open Settings, Disks, Migrate to managed disks, and start it again.",
        cli="az vm deallocate --ids {id}\naz vm convert --ids {id}\naz vm start --ids {id}",
        terraform="""
resource "azurerm_linux_virtual_machine" "this" {
  name = "{name}"
  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
  }
}
""",
        impact="The machine is down during the migration, and there is no way back. The old files stay and are charged "
        "until they are deleted.",
    ),
    examples=(
        Example("managed", VIRTUAL_MACHINE, "healthy"),
        Example("system disk is a file", replace(VIRTUAL_MACHINE, os_disk=FILE), "unhealthy", "1 of"),
        Example("data disk is a file", replace(VIRTUAL_MACHINE, data_disks=(FILE,)), "unhealthy", "1 of"),
        Example("unread", replace(VIRTUAL_MACHINE, unread={"os_disk": "denied"}), "unknown", "denied"),
    ),
)
