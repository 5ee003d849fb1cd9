"""Storage accounts that accept TLS 1.0 or 1.1.

Both versions have known weaknesses, and a client that still offers them can be pushed down to them. An account
on which the minimum was never set accepts TLS 1.0.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import STORAGE_ACCOUNT

GOOD = frozenset({"TLS1_2", "TLS1_3"})


def evaluate(account: StorageAccount) -> Verdict:
    minimum = account.minimum_tls_version
    if minimum is None:
        return unhealthy("no minimum was ever set, which permits TLS 1.0")
    if minimum.upper() in GOOD:
        return healthy(f"the minimum is {minimum}")
    return unhealthy(f"the minimum is {minimum}", seen=minimum)


CHECK = Check(
    title="Storage accounts should demand TLS 1.2",
    asset=StorageAccount,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/common/transport-layer-security-configure-minimum-version",
    evaluate=evaluate,
    fix=Fix(
        console="Open the storage account {name}, Settings, Configuration, Minimum TLS version, Version 1.2, Save.",
        cli="az storage account update --ids {id} --min-tls-version TLS1_2",
        terraform="""
resource "azurerm_storage_account" "this" {
  name            = "{name}"
  min_tls_version = "TLS1_2"
}
""",
        impact="Clients that cannot speak TLS 1.2 fail; the account's logs name the version of each request.",
    ),
    examples=(
        Example("TLS 1.0 in other letters", replace(STORAGE_ACCOUNT, minimum_tls_version="tls1_0"), "unhealthy"),
        Example("TLS 1.3", replace(STORAGE_ACCOUNT, minimum_tls_version="TLS1_3"), "healthy"),
        Example("1.2", STORAGE_ACCOUNT, "healthy"),
        Example("1.3", replace(STORAGE_ACCOUNT, minimum_tls_version="TLS1_3"), "healthy"),
        Example("never set", replace(STORAGE_ACCOUNT, minimum_tls_version=None), "unhealthy", "ever set"),
        Example("1.0", replace(STORAGE_ACCOUNT, minimum_tls_version="TLS1_0"), "unhealthy", "TLS1_0"),
        Example("1.1", replace(STORAGE_ACCOUNT, minimum_tls_version="TLS1_1"), "unhealthy", "TLS1_1"),
        Example("unread", replace(STORAGE_ACCOUNT, unread={"minimum_tls_version": "denied"}), "unknown", "denied"),
    ),
)
