"""Storage accounts whose deleted containers are gone at once.

A mistake, a wrong script or ransomware that deletes containers cannot be undone. With soft delete they can be restored for
some days.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import STORAGE_ACCOUNT


def evaluate(account: StorageAccount) -> Verdict:
    if account.account_kind == "FileStorage":
        return not_applicable("an account for files alone holds no containers")
    if account.container_soft_delete_days is None:
        return unhealthy("deleted containers are gone at once")
    return healthy(f"deleted containers can be restored for {account.container_soft_delete_days} days")


CHECK = Check(
    title="Storage accounts should keep deleted containers for some days",
    asset=StorageAccount,
    severity=Severity.LOW,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/blobs/soft-delete-container-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the storage account {name}, Data management, Data protection, Enable soft delete for containers, 14 days, Save.",
        cli="az storage account blob-service-properties update --account-name {name} --enable-container-delete-retention true "
        "--container-delete-retention-days 14",
        terraform="""
resource "azurerm_storage_account" "this" {
  name = "{name}"
  blob_properties {
    container_delete_retention_policy { days = 14 }
  }
}
""",
        impact="Deleted containers are stored and charged until their days are over.",
    ),
    examples=(
        Example("kept", STORAGE_ACCOUNT, "healthy", "14 days"),
        Example("gone at once", replace(STORAGE_ACCOUNT, container_soft_delete_days=None), "unhealthy"),
        Example(
            "files alone",
            replace(STORAGE_ACCOUNT, account_kind="FileStorage", container_soft_delete_days=None),
            "not_applicable",
        ),
        Example(
            "unread", replace(STORAGE_ACCOUNT, unread={"container_soft_delete_days": "denied"}), "unknown", "denied"
        ),
    ),
)
