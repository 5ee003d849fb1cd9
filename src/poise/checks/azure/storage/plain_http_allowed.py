"""Storage accounts that answer over plain HTTP.

Whoever sits between a client and the account reads the data, and the shared access signature in the address
with it. With secure transfer required, the account refuses HTTP and unencrypted SMB.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import STORAGE_ACCOUNT


def evaluate(account: StorageAccount) -> Verdict:
    if account.https_only:
        return healthy("plain HTTP is refused")
    return unhealthy("plain HTTP is answered", seen=account.https_only)


CHECK = Check(
    title="Storage accounts should refuse plain HTTP",
    asset=StorageAccount,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/common/storage-require-secure-transfer",
    evaluate=evaluate,
    fix=Fix(
        console="Open the storage account {name}, Settings, Configuration, Secure transfer required, Enabled, Save.",
        cli="az storage account update --ids {id} --https-only true",
        terraform="""
resource "azurerm_storage_account" "this" {
  name                       = "{name}"
  https_traffic_only_enabled = true
}
""",
        impact="Clients that use http:// addresses or SMB without encryption fail until they are changed. NFS shares "
        "and custom domains without a certificate need another solution first.",
    ),
    examples=(
        Example("refused", STORAGE_ACCOUNT, "healthy"),
        Example("answered", replace(STORAGE_ACCOUNT, https_only=False), "unhealthy", "HTTP"),
        Example("unread", replace(STORAGE_ACCOUNT, unread={"https_only": "denied"}), "unknown", "denied"),
    ),
)
