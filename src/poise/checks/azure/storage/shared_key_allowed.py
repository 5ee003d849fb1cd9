"""Storage accounts that accept the account key.

The key opens everything in the account, is shared by all who hold it, knows no conditional access and leaves no name
in the logs; whoever may list keys has all data. Entra sign-in gives each caller its own rights. An account on which
this was never set accepts keys.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import STORAGE_ACCOUNT


def evaluate(account: StorageAccount) -> Verdict:
    if account.allow_shared_key_access is None:
        return unhealthy("the account key was never disallowed, so it is accepted")
    if account.allow_shared_key_access:
        return unhealthy("the account key is accepted", seen=True)
    return healthy("the account key is refused")


CHECK = Check(
    title="Storage accounts should refuse the account key",
    asset=StorageAccount,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/common/shared-key-authorization-prevent",
    evaluate=evaluate,
    fix=Fix(
        console="Open the storage account {name}, Settings, Configuration, Allow storage account key access, Disabled, "
        "Save.",
        cli="az storage account update --ids {id} --allow-shared-key-access false",
        terraform="""
resource "azurerm_storage_account" "this" {
  name                      = "{name}"
  shared_access_key_enabled = false
}
""",
        impact="Clients that sign with the key, and signatures made from it, fail with 403; find them first in the "
        "account's metrics by authentication type. Azure Files over SMB needs identity-based access before.",
    ),
    examples=(
        Example("refused", STORAGE_ACCOUNT, "healthy"),
        Example("accepted", replace(STORAGE_ACCOUNT, allow_shared_key_access=True), "unhealthy", "is accepted"),
        Example("never set", replace(STORAGE_ACCOUNT, allow_shared_key_access=None), "unhealthy", "never"),
        Example("unread", replace(STORAGE_ACCOUNT, unread={"allow_shared_key_access": "denied"}), "unknown", "denied"),
    ),
)
