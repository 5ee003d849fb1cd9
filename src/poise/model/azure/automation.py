"""Records of Azure Automation: accounts whose runbooks run as the identities of the account."""

from poise.model.asset import Asset, asset_kind


@asset_kind("Microsoft.Automation/automationAccounts", "azure")
class AutomationAccount(Asset):
    """An account; code that somebody may put into it runs with its identities."""

    identity: str | None
    """Type of the managed identity; None if it has none."""
    identity_principal: str | None
    """Object id of the principal of its system-assigned identity; None if it has none."""
    user_identities: tuple[str, ...]
    """Ids of the user-assigned identities."""
    user_identity_principals: tuple[str, ...]
    """Object ids of the principals of its user-assigned identities, in the same order."""
    public_network_access: bool | None
    """Whether agents and webhooks reach it from the internet; None if never set, which is yes."""
