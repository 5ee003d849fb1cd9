"""Keys of vaults that nobody renews automatically.

A key that is never renewed grows the amount of data that one leak opens, and is renewed in haste after an incident. The
management plane shows the rotation policy: no right to the key itself is needed.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.keyvault import KeyVaultKey, RotationAction
from poise.model.samples.azure_keyvault import KEY_VAULT_KEY

ROTATE = "rotate"


def evaluate(key: KeyVaultKey) -> Verdict:
    if "enabled" not in key.unread and key.enabled is False:
        return not_applicable("the key is switched off")
    if any(one.action.lower() == ROTATE for one in key.rotation):
        return healthy("it is renewed automatically", seen=key.rotation)
    return unhealthy("nothing renews it automatically", seen=key.rotation)


NOTIFIES = RotationAction(action="notify", after_creation=None, before_expiry="P30D")
LOWER_CASE = RotationAction(action="rotate", after_creation="P90D", before_expiry=None)

CHECK = Check(
    title="Keys of vaults should be renewed automatically",
    asset=KeyVaultKey,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/key-vault/keys/how-to-configure-key-rotation",
    evaluate=evaluate,
    fix=Fix(
        console="Open the vault, Keys, {name}, Rotation policy; set Enable auto rotation and a rotation time, Save.",
        cli="az keyvault key rotation-policy update --vault-name VAULT --name {name} --value policy.json",
        terraform="""
resource "azurerm_key_vault_key" "this" {
  name = "{name}"
  rotation_policy {
    automatic {
      time_after_creation = "P90D"
    }
  }
}
""",
        impact="What names a version of the key, not the key, keeps using the old one.",
    ),
    examples=(
        Example("rotates", KEY_VAULT_KEY, "healthy"),
        Example("rotates, in small letters", replace(KEY_VAULT_KEY, rotation=(LOWER_CASE,)), "healthy"),
        Example("only notifies", replace(KEY_VAULT_KEY, rotation=(NOTIFIES,)), "unhealthy"),
        Example("no policy", replace(KEY_VAULT_KEY, rotation=()), "unhealthy"),
        Example("switched off", replace(KEY_VAULT_KEY, enabled=False, rotation=()), "not_applicable"),
        Example("unread", replace(KEY_VAULT_KEY, unread={"rotation": "denied"}), "unknown", "denied"),
    ),
)
