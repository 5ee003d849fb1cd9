"""Records of Azure Key Vault."""

from poise.model.asset import Asset, Part, asset_kind
from poise.model.azure.network_rules import NetworkRules


class AccessPolicy(Part, frozen=True, kw_only=True):
    """What a principal may do in a vault that does not use role assignments."""

    tenant_id: str
    """Tenant of the principal."""
    object_id: str
    """Object id of the principal in its tenant."""
    keys: tuple[str, ...]
    """Permissions on keys."""
    secrets: tuple[str, ...]
    """Permissions on secrets."""
    certificates: tuple[str, ...]
    """Permissions on certificates."""


@asset_kind("Microsoft.KeyVault/vaults", "azure")
class KeyVault(Asset):
    """A vault for keys, secrets and certificates."""

    vault_uri: str | None
    """Address of the vault; None while it is made."""
    sku: str
    """`standard` or `premium`."""
    tenant_id: str
    """Tenant whose principals are let in."""
    rbac_authorization: bool | None
    """Whether role assignments decide instead of access policies; None if never set, which is no."""
    access_policies: tuple[AccessPolicy, ...]
    """Access policies; without effect where role assignments decide."""
    soft_delete: bool | None
    """Whether deleted things can be restored; None if never set, as in vaults made before 2019."""
    soft_delete_days: int | None
    """Days that deleted things can be restored; None if never set."""
    purge_protection: bool | None
    """Whether deleted things cannot be purged before their time; None if never set, which is no."""
    public_network_access: str | None
    """`Enabled` or `Disabled`; None if never set, which is `Enabled`."""
    network_rules: NetworkRules | None
    """Firewall of the public end point; None if never set, which lets everybody in."""
    private_endpoints: tuple[str, ...]
    """Ids of the private end points with an approved connection."""
    enabled_for_deployment: bool | None
    """Whether machines may fetch certificates at deployment; None if never set, which is no."""
    enabled_for_template_deployment: bool | None
    """Whether templates may fetch secrets; None if never set, which is no."""


class RotationAction(Part, frozen=True, kw_only=True):
    """What a rotation policy does at a moment of a key's life."""

    action: str
    """`Rotate` or `Notify`, in the letters of the API."""
    after_creation: str | None
    """Time after the key was made, as an ISO 8601 duration; None if another moment is meant."""
    before_expiry: str | None
    """Time before the key expires, as an ISO 8601 duration; None if another moment is meant."""


@asset_kind("Microsoft.KeyVault/vaults/keys", "azure")
class KeyVaultKey(Asset):
    """A key of a vault, as the management plane knows it: its settings, never the key."""

    vault: str
    """Id of the vault."""
    enabled: bool | None
    """Whether it can be used; None if never set, which is yes."""
    expires: int | None
    """When it expires, in seconds since 1970; None if never."""
    type: str
    """`RSA`, `RSA-HSM`, `EC` ..."""
    rotation: tuple[RotationAction, ...]
    """What its rotation policy does; empty if it has none."""
