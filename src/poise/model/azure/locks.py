"""Records of management locks."""

from poise.model.asset import Asset, asset_kind


@asset_kind("Microsoft.Authorization/locks", "azure")
class ManagementLock(Asset):
    """A lock on a scope and everything below it, whatever roles allow."""

    level: str
    """`CanNotDelete` or `ReadOnly`."""
    locked: str
    """Id of the scope that it lies on."""
    notes: str | None
    """What its author says about it; None if nothing."""
