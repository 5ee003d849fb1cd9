"""Records of Azure Storage.

Properties that were added after an account was made are null until somebody sets them. The meaning of null is the
one of the API version that is read (2022-09-01, REST reference, StorageAccount): TLS 1.0, anonymous access may be
configured, shared keys work, the public network reaches the account.
"""

from poise.model.asset import Asset, asset_kind
from poise.model.azure.network_rules import NetworkRules


@asset_kind("Microsoft.Storage/storageAccounts", "azure")
class StorageAccount(Asset):
    """A storage account, with the settings of its blob service."""

    created: str
    """When it was created, ISO 8601."""
    sku: str
    """Redundancy and performance, such as `Standard_GRS`."""
    account_kind: str
    """`StorageV2`, `Storage`, `BlobStorage`, `BlockBlobStorage` or `FileStorage`."""
    https_only: bool
    """Whether plain HTTP is refused."""
    minimum_tls_version: str | None
    """`TLS1_0`, `TLS1_1` or `TLS1_2`; None if never set, which permits TLS 1.0."""
    allow_blob_public_access: bool | None
    """Whether containers may be opened to anonymous readers; None if never set, which permits it."""
    allow_shared_key_access: bool | None
    """Whether requests may be signed with the account key; None if never set, which permits it."""
    public_network_access: str | None
    """`Enabled`, `Disabled` or `SecuredByPerimeter`; None if never set, which is `Enabled`."""
    network_rules: NetworkRules | None
    """Firewall of the public end point; None if never set, which lets everybody in."""
    private_endpoints: tuple[str, ...]
    """Ids of the private end points with an approved connection."""
    key_source: str | None
    """Who keeps the encryption key: `Microsoft.Storage` or `Microsoft.Keyvault`; None if never set."""
    key_vault: str | None
    """Address of the vault with the customer's key; None for the platform's own key."""
    infrastructure_encryption: bool | None
    """Whether a second layer of encryption is on; None if never set, which is off."""
    identity: str | None
    """Type of the managed identity, such as `SystemAssigned`; None if it has none."""
    identity_principal: str | None
    """Object id of the principal of its system-assigned identity; None if it has none."""
    hierarchical_namespace: bool | None
    """Whether it is a data lake; None if never set, which is no."""
    sftp_enabled: bool | None
    """Whether SFTP is served; None if never set, which is no."""
    blob_versioning: bool | None
    """Whether earlier versions of blobs are kept; None if never set, which is no."""
    blob_soft_delete_days: int | None
    """Days that deleted blobs can be restored; None if they are gone at once."""
    container_soft_delete_days: int | None
    """Days that deleted containers can be restored; None if they are gone at once."""
