"""Key vaults whose end point lets in every network.

A stolen token then opens the vault from anywhere. A firewall that names the networks in use, or a private end point
with public access disabled, leaves only those as a way in.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.azure.keyvault import KeyVault
from poise.model.samples.azure_keyvault import KEY_VAULT
from poise.model.samples.azure_storage import OPEN_RULES
from poise.policy.answer import Level
from poise.policy.azure.exposure import endpoint_exposure


def evaluate(vault: KeyVault) -> Verdict:
    if (vault.public_network_access or "").lower() == "disabled":
        return healthy("public network access is disabled")
    exposure = endpoint_exposure(vault.public_network_access, vault.network_rules)
    reason = exposure.because[0].text
    if exposure.level is Level.UNKNOWN:
        return unknown(reason)
    if exposure.is_public:
        return unhealthy(reason, seen=vault.network_rules)
    return healthy(reason)


CLOSED_BUT_UNREAD = replace(KEY_VAULT, unread={"network_rules": "denied"}, public_network_access="Disabled")
CHECK = Check(
    title="Key vaults should let in named networks only",
    asset=KeyVault,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/key-vault/general/network-security",
    evaluate=evaluate,
    fix=Fix(
        console="Open the vault {name}, Settings, Networking, Allow public access from specific virtual networks and IP "
        "addresses; add the networks in use; Apply.",
        cli="az keyvault network-rule add --name {name} --ip-address 203.0.113.7\n"
        "az keyvault update --name {name} --default-action Deny --bypass AzureServices",
        terraform="""
resource "azurerm_key_vault" "this" {
  name = "{name}"
  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
    ip_rules       = ["203.0.113.7"]
  }
}
""",
        impact="Callers from other networks are refused at once.",
    ),
    examples=(
        Example("named networks", KEY_VAULT, "healthy", "named"),
        Example("every network", replace(KEY_VAULT, network_rules=OPEN_RULES), "unhealthy", "every network"),
        Example("no firewall", replace(KEY_VAULT, network_rules=None), "unhealthy", "ever set"),
        Example("disabled, whatever the firewall", CLOSED_BUT_UNREAD, "healthy", "disabled"),
        Example("perimeter", replace(KEY_VAULT, public_network_access="SecuredByPerimeter"), "unknown", "perimeter"),
        Example("unread", replace(KEY_VAULT, unread={"network_rules": "denied"}), "unknown", "denied"),
    ),
)
