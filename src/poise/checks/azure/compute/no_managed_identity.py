"""Virtual machines without a managed identity.

Programs on such a machine can reach Azure only with a password, key or certificate that somebody stored on it, where
it lies until it is stolen. A managed identity gives them short-lived tokens and nothing to store.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.compute import VirtualMachine
from poise.model.samples.azure_compute import VIRTUAL_MACHINE


def evaluate(machine: VirtualMachine) -> Verdict:
    if machine.identity in (None, "None"):
        return unhealthy("it has no managed identity")
    return healthy(f"its managed identity is {machine.identity}")


CHECK = Check(
    title="Virtual machines should have a managed identity",
    asset=VirtualMachine,
    severity=Severity.LOW,
    since="0.1",
    source="https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the machine {name}, Security, Identity, System assigned, On, Save.",
        cli="az vm identity assign --ids {id}",
        terraform="""
resource "azurerm_linux_virtual_machine" "this" {
  name = "{name}"
  identity { type = "SystemAssigned" }
}
""",
        impact="None by itself: the identity has no rights until a role is given to it.",
    ),
    examples=(
        Example("has one", VIRTUAL_MACHINE, "healthy", "SystemAssigned"),
        Example("has none", replace(VIRTUAL_MACHINE, identity=None), "unhealthy"),
        Example("taken away", replace(VIRTUAL_MACHINE, identity="None"), "unhealthy"),
        Example("unread", replace(VIRTUAL_MACHINE, unread={"identity": "denied"}), "unknown", "denied"),
    ),
)
