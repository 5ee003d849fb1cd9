"""Key vaults whose deleted keys and secrets can be purged at once.

Whoever may delete and purge destroys keys for good, and with them all data that they encrypt. Purge protection makes
everybody, Microsoft too, wait until the retention is over. It is off where nobody set it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.keyvault import KeyVault
from poise.model.samples.azure_keyvault import KEY_VAULT


def evaluate(vault: KeyVault) -> Verdict:
    if vault.purge_protection:
        return healthy("nothing can be purged before its time")
    return unhealthy("deleted keys and secrets can be purged at once", seen=vault.purge_protection)


CHECK = Check(
    title="Key vaults should be protected against purging",
    asset=KeyVault,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the vault {name}, Settings, Properties, Enable purge protection, Save.",
        cli="az keyvault update --name {name} --enable-purge-protection true",
        terraform="""
resource "azurerm_key_vault" "this" {
  name                     = "{name}"
  purge_protection_enabled = true
}
""",
        impact="It cannot be switched off again. The names of a deleted vault and its keys stay taken until the "
        "retention is over.",
    ),
    examples=(
        Example("on", KEY_VAULT, "healthy"),
        Example("off", replace(KEY_VAULT, purge_protection=False), "unhealthy"),
        Example("never set", replace(KEY_VAULT, purge_protection=None), "unhealthy"),
        Example("unread", replace(KEY_VAULT, unread={"purge_protection": "denied"}), "unknown", "denied"),
    ),
)
