"""Storage accounts without a second layer of encryption.

Infrastructure encryption encrypts again, with another algorithm and key, so that one broken layer alone exposes
nothing. It is chosen when the account is made.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import STORAGE_ACCOUNT


def evaluate(account: StorageAccount) -> Verdict:
    if account.infrastructure_encryption:
        return healthy("the data is encrypted twice")
    return unhealthy("the data is encrypted once", seen=account.infrastructure_encryption)


CHECK = Check(
    title="Storage accounts should have infrastructure encryption",
    asset=StorageAccount,
    severity=Severity.LOW,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/common/infrastructure-encryption-enable",
    evaluate=evaluate,
    fix=Fix(
        console="It can only be set on a new account: create one with Encryption, Enable infrastructure encryption, and "
        "move the data of {name} there.",
        cli="az storage account create --name NEW_NAME --resource-group RESOURCE_GROUP --location {region} "
        "--require-infrastructure-encryption true",
        terraform="""
resource "azurerm_storage_account" "replacement" {
  name                              = "NEW_NAME"
  infrastructure_encryption_enabled = true
}
""",
        impact="The data must be copied, and clients pointed to the new account.",
    ),
    examples=(
        Example("twice", STORAGE_ACCOUNT, "healthy"),
        Example("once", replace(STORAGE_ACCOUNT, infrastructure_encryption=False), "unhealthy"),
        Example("never set", replace(STORAGE_ACCOUNT, infrastructure_encryption=None), "unhealthy"),
        Example(
            "unread", replace(STORAGE_ACCOUNT, unread={"infrastructure_encryption": "denied"}), "unknown", "denied"
        ),
    ),
)
