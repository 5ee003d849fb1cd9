"""Records of user-assigned managed identities."""

from poise.model.asset import Asset, Part, asset_kind


class FederatedCredential(Part, frozen=True, kw_only=True):
    """Trust in tokens of another issuer: a pipeline, a cluster, another cloud."""

    name: str
    """What it is called."""
    issuer: str
    """Address of who gives the tokens."""
    subject: str
    """Whom the tokens must be about; empty where an expression says it."""
    audiences: tuple[str, ...]
    """Whom the tokens must be for."""


@asset_kind("Microsoft.ManagedIdentity/userAssignedIdentities", "azure")
class UserAssignedIdentity(Asset):
    """An identity of one's own that machines and services share."""

    principal_id: str
    """Object id in Entra, by which roles are assigned."""
    client_id: str
    """Application id in Entra."""
    federated_credentials: tuple[FederatedCredential, ...]
    """Issuers whose tokens let one act as it."""
