"""Storage accounts encrypted with Microsoft's key alone.

The data is encrypted, but only a key of your own in a vault can be revoked by you, rotated on your schedule and
watched in your logs. Wanted where a regulation or contract asks for it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import STORAGE_ACCOUNT


def evaluate(account: StorageAccount) -> Verdict:
    source = account.key_source
    if source is not None and source.lower() == "microsoft.keyvault":
        return healthy("the key is the customer's")
    return unhealthy("the key is Microsoft's", seen=source)


CHECK = Check(
    title="Storage accounts should be encrypted with a customer's key",
    asset=StorageAccount,
    severity=Severity.LOW,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/common/customer-managed-keys-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the storage account {name}, Security + networking, Encryption, Customer-managed keys; choose a "
        "vault with purge protection, a key and an identity; Save.",
        cli="az storage account update --ids {id} --encryption-key-source Microsoft.Keyvault "
        "--encryption-key-vault https://VAULT.vault.azure.net --encryption-key-name KEY",
        terraform="""
resource "azurerm_storage_account_customer_managed_key" "this" {
  storage_account_id = azurerm_storage_account.this.id
  key_vault_id       = azurerm_key_vault.keys.id
  key_name           = azurerm_key_vault_key.storage.name
}
""",
        impact="If the key is disabled or the identity loses it, the account's data cannot be read until it is back.",
    ),
    examples=(
        Example("customer's", STORAGE_ACCOUNT, "healthy"),
        Example("case does not matter", replace(STORAGE_ACCOUNT, key_source="Microsoft.KeyVault"), "healthy"),
        Example("Microsoft's", replace(STORAGE_ACCOUNT, key_source="Microsoft.Storage"), "unhealthy"),
        Example("never set", replace(STORAGE_ACCOUNT, key_source=None), "unhealthy"),
        Example("unread", replace(STORAGE_ACCOUNT, unread={"key_source": "denied"}), "unknown", "denied"),
    ),
)
