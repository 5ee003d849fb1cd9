"""Records of Azure subscriptions: the scope that holds everything else."""

from poise.model.asset import Asset, asset_kind


@asset_kind("Microsoft.Resources/subscriptions", "azure")
class AzureSubscription(Asset):
    """A subscription, with what holds for all of it."""

    state: str
    """`Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`."""
    tenant_id: str
    """Entra tenant that it trusts."""
    offer: str | None
    """Quota id of its offer, such as `PayAsYouGo_2014-09-01`; None if not told."""
    spending_limit: str | None
    """`On`, `Off` or `CurrentPeriodOff`; None if not told."""
    management_groups: tuple[str, ...]
    """Names of the management groups above it, the tenant's root first."""
