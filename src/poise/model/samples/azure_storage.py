"""An ordinary storage account, as it should be: examples change what they are about."""

from poise.model.azure.network_rules import NetworkRules
from poise.model.azure.storage import StorageAccount
from poise.model.samples.azure_subscription import GROUP, NETWORK_PROVIDER, REGION, SUBSCRIPTION

CLOSED_RULES = NetworkRules(
    default_action="Deny",
    bypass=("AzureServices",),
    ip_rules=("203.0.113.7",),
    subnets=(f"{NETWORK_PROVIDER}/virtualnetworks/shop/subnets/web",),
    resource_instances=(),
)
OPEN_RULES = NetworkRules(
    default_action="Allow", bypass=("AzureServices",), ip_rules=(), subnets=(), resource_instances=()
)
STORAGE_ACCOUNT = StorageAccount(
    id=f"{GROUP}/providers/microsoft.storage/storageaccounts/shopdata",
    name="shopdata",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={"team": "shop"},
    created="2024-03-01T09:00:00.0000000Z",
    sku="Standard_GZRS",
    account_kind="StorageV2",
    https_only=True,
    minimum_tls_version="TLS1_2",
    allow_blob_public_access=False,
    allow_shared_key_access=False,
    public_network_access="Enabled",
    network_rules=CLOSED_RULES,
    private_endpoints=(),
    key_source="Microsoft.Keyvault",
    key_vault="https://shop-keys.vault.azure.net",
    infrastructure_encryption=True,
    identity="SystemAssigned",
    identity_principal=None,
    hierarchical_namespace=False,
    sftp_enabled=False,
    blob_versioning=True,
    blob_soft_delete_days=14,
    container_soft_delete_days=14,
)
