"""Storage accounts whose public end point lets in every network.

A leaked key, signature or token can then be used from anywhere. A firewall that names the networks in use, or
private end points with public access disabled, leaves only those as a way in.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.azure.network_rules import NetworkRules
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_storage import OPEN_RULES, STORAGE_ACCOUNT
from poise.policy.answer import Level
from poise.policy.azure.exposure import endpoint_exposure


def evaluate(account: StorageAccount) -> Verdict:
    if (account.public_network_access or "").lower() == "disabled":
        return healthy("public network access is disabled")
    exposure = endpoint_exposure(account.public_network_access, account.network_rules)
    reason = exposure.because[0].text
    if exposure.level is Level.UNKNOWN:
        return unknown(reason)
    if exposure.is_public:
        return unhealthy(reason, seen=account.network_rules)
    return healthy(reason)


HALVES = NetworkRules(
    default_action="Deny", bypass=None, ip_rules=("0.0.0.0/1", "128.0.0.0/1"), subnets=(), resource_instances=()
)
CLOSED_BUT_UNREAD = replace(STORAGE_ACCOUNT, unread={"network_rules": "denied"}, public_network_access="Disabled")
CHECK = Check(
    title="Storage accounts should let in named networks only",
    asset=StorageAccount,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/storage/common/storage-network-security",
    evaluate=evaluate,
    fix=Fix(
        console="Open the storage account {name}, Security + networking, Networking, Public network access, Enabled from "
        "selected virtual networks and IP addresses; add the networks in use; Save.",
        cli="az storage account network-rule add --account-name {name} --ip-address 203.0.113.7\n"
        "az storage account update --ids {id} --default-action Deny",
        terraform="""
resource "azurerm_storage_account_network_rules" "this" {
  storage_account_id = azurerm_storage_account.this.id
  default_action     = "Deny"
  ip_rules           = ["203.0.113.7"]
  bypass             = ["AzureServices"]
}
""",
        impact="Callers from other networks are refused at once, the portal's data browser among them.",
    ),
    examples=(
        Example("named networks", STORAGE_ACCOUNT, "healthy", "named"),
        Example("every network", replace(STORAGE_ACCOUNT, network_rules=OPEN_RULES), "unhealthy", "every network"),
        Example("no firewall", replace(STORAGE_ACCOUNT, network_rules=None), "unhealthy", "ever set"),
        Example("two halves of the internet", replace(STORAGE_ACCOUNT, network_rules=HALVES), "unhealthy", "add up"),
        Example("disabled, whatever the firewall", CLOSED_BUT_UNREAD, "healthy", "disabled"),
        Example("perimeter", replace(STORAGE_ACCOUNT, public_network_access="SecuredByPerimeter"), "unknown"),
        Example("unread", replace(STORAGE_ACCOUNT, unread={"network_rules": "denied"}), "unknown", "denied"),
    ),
)
