"""An ordinary key vault, as it should be: examples change what they are about."""

from poise.model.azure.keyvault import KeyVault, KeyVaultKey, RotationAction
from poise.model.samples.azure_storage import CLOSED_RULES
from poise.model.samples.azure_subscription import GROUP, REGION, SUBSCRIPTION, TENANT

KEY_VAULT = KeyVault(
    id=f"{GROUP}/providers/microsoft.keyvault/vaults/shop-keys",
    name="shop-keys",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={"team": "shop"},
    vault_uri="https://shop-keys.vault.azure.net/",
    sku="standard",
    tenant_id=TENANT,
    rbac_authorization=True,
    access_policies=(),
    soft_delete=True,
    soft_delete_days=90,
    purge_protection=True,
    public_network_access="Enabled",
    network_rules=CLOSED_RULES,
    private_endpoints=(),
    enabled_for_deployment=False,
    enabled_for_template_deployment=False,
)
KEY_VAULT_KEY = KeyVaultKey(
    id=f"{KEY_VAULT.id}/keys/disks",
    name="disks",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    vault=KEY_VAULT.id,
    enabled=True,
    expires=None,
    type="RSA",
    rotation=(RotationAction(action="Rotate", after_creation="P90D", before_expiry=None),),
)
