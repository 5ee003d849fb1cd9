"""Key vaults whose deleted keys and secrets are gone at once.

A mistake or an attacker that deletes a key destroys all data that it encrypts. With soft delete it can be restored.
Vaults made before 2019 on which it was never set do not have it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.keyvault import KeyVault
from poise.model.samples.azure_keyvault import KEY_VAULT


def evaluate(vault: KeyVault) -> Verdict:
    if vault.soft_delete:
        return healthy("deleted keys and secrets can be restored")
    if vault.soft_delete is None:
        return unhealthy("soft delete was never set")
    return unhealthy("soft delete is off", seen=False)


CHECK = Check(
    title="Key vaults should keep deleted keys and secrets for some days",
    asset=KeyVault,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-change",
    evaluate=evaluate,
    fix=Fix(
        console="Open the vault {name}, Settings, Properties, Soft-delete, Enable recovery, Save.",
        cli="az resource update --ids {id} --set properties.enableSoftDelete=true",
        terraform="""
resource "azurerm_key_vault" "this" {
  name                       = "{name}"
  soft_delete_retention_days = 90
}
""",
        impact="It cannot be switched off again. The names of deleted keys stay taken until they are purged.",
    ),
    examples=(
        Example("on", KEY_VAULT, "healthy"),
        Example("off", replace(KEY_VAULT, soft_delete=False), "unhealthy", "off"),
        Example("never set", replace(KEY_VAULT, soft_delete=None), "unhealthy", "never"),
        Example("unread", replace(KEY_VAULT, unread={"soft_delete": "denied"}), "unknown", "denied"),
    ),
)
