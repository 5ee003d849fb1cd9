"""Storage accounts whose containers may be opened to anonymous readers.

One container that is set to public, by mistake or by an attacker with write access, puts its blobs on the internet
with no sign-in and no trace of who read them. The account's own setting overrules every container. An account on
which it was never set lets containers be opened.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import STORAGE_ACCOUNT


def evaluate(account: StorageAccount) -> Verdict:
    if account.allow_blob_public_access is None:
        return unhealthy("anonymous access was never disallowed, so containers may be opened")
    if account.allow_blob_public_access:
        return unhealthy("anonymous access is allowed, so containers may be opened", seen=True)
    return healthy("anonymous access is disallowed for every container")


CHECK = Check(
    title="Storage accounts should disallow anonymous access to blobs",
    asset=StorageAccount,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/blobs/anonymous-read-access-prevent",
    evaluate=evaluate,
    fix=Fix(
        console="Open the storage account {name}, Settings, Configuration, Allow Blob anonymous access, Disabled, Save.",
        cli="az storage account update --ids {id} --allow-blob-public-access false",
        terraform="""
resource "azurerm_storage_account" "this" {
  name                            = "{name}"
  allow_nested_items_to_be_public = false
}
""",
        impact="Anonymous readers of public containers get 409 at once. Setting it to true again restores them.",
    ),
    examples=(
        Example("disallowed", STORAGE_ACCOUNT, "healthy"),
        Example("allowed", replace(STORAGE_ACCOUNT, allow_blob_public_access=True), "unhealthy", "is allowed"),
        Example("never set", replace(STORAGE_ACCOUNT, allow_blob_public_access=None), "unhealthy", "never"),
        Example("unread", replace(STORAGE_ACCOUNT, unread={"allow_blob_public_access": "denied"}), "unknown", "denied"),
    ),
)
