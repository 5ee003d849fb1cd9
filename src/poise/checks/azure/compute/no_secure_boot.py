"""Virtual machines that boot unsigned code.

A boot kit that gets below the operating system is seen by nothing above it. Trusted launch with secure boot lets only
signed boot loaders and kernels run.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.compute import VirtualMachine
from poise.model.samples.azure_compute import VIRTUAL_MACHINE


def evaluate(machine: VirtualMachine) -> Verdict:
    if machine.security_type is None:
        return unhealthy("it runs without trusted launch")
    if machine.secure_boot:
        return healthy("secure boot is on")
    return unhealthy("secure boot is off", seen=machine.secure_boot)


CHECK = Check(
    title="Virtual machines should boot signed code only",
    asset=VirtualMachine,
    severity=Severity.LOW,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-machines/trusted-launch",
    evaluate=evaluate,
    fix=Fix(
        console="Stop the machine {name}; open Settings, Configuration, Security type, Trusted launch, Secure boot; start it.",
        cli="az vm deallocate --ids {id}\n"
        "az vm update --ids {id} --security-type TrustedLaunch --enable-secure-boot true --enable-vtpm true\n"
        "az vm start --ids {id}",
        terraform="""
resource "azurerm_linux_virtual_machine" "this" {
  name                = "{name}"
  secure_boot_enabled = true
  vtpm_enabled        = true
}
""",
        impact="The machine must be stopped. It needs a generation 2 image, and drivers that are not signed stop loading.",
    ),
    examples=(
        Example("on", VIRTUAL_MACHINE, "healthy"),
        Example("no trusted launch", replace(VIRTUAL_MACHINE, security_type=None), "unhealthy", "trusted launch"),
        Example("off", replace(VIRTUAL_MACHINE, secure_boot=False), "unhealthy", "off"),
        Example("never set", replace(VIRTUAL_MACHINE, secure_boot=None), "unhealthy", "off"),
        Example("unread", replace(VIRTUAL_MACHINE, unread={"secure_boot": "denied"}), "unknown", "denied"),
    ),
)
