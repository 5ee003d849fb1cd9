"""Key vaults that are opened by access policies instead of role assignments.

Whoever may write to the vault, every Contributor among them, may give itself an access policy and read all secrets.
Role assignments can only be given by those who may grant roles, reach down to one secret, and can be time-limited.
Policies decide where nobody chose roles.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.keyvault import KeyVault
from poise.model.samples.azure_keyvault import KEY_VAULT


def evaluate(vault: KeyVault) -> Verdict:
    if vault.rbac_authorization:
        return healthy("role assignments decide")
    return unhealthy("access policies decide", seen=vault.rbac_authorization)


CHECK = Check(
    title="Key vaults should use role-based access control",
    asset=KeyVault,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/key-vault/general/rbac-migration",
    evaluate=evaluate,
    fix=Fix(
        console="Give each principal of an access policy the role it needs on the vault {name}; then open Settings, Access "
        "configuration, Azure role-based access control, Apply.",
        cli="az role assignment create --role 'Key Vault Secrets User' --assignee PRINCIPAL --scope {id}\n"
        "az keyvault update --name {name} --enable-rbac-authorization true",
        terraform="""
resource "azurerm_key_vault" "this" {
  name                       = "{name}"
  rbac_authorization_enabled = true
}
""",
        impact="Access policies lose their effect at once: whoever has no role by then is locked out.",
    ),
    examples=(
        Example("roles", KEY_VAULT, "healthy"),
        Example("policies", replace(KEY_VAULT, rbac_authorization=False), "unhealthy"),
        Example("never set", replace(KEY_VAULT, rbac_authorization=None), "unhealthy"),
        Example("unread", replace(KEY_VAULT, unread={"rbac_authorization": "denied"}), "unknown", "denied"),
    ),
)
