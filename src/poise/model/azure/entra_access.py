"""Records of what an Entra directory asks of a sign-in."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("Microsoft.Graph/conditionalAccessPolicies", "azure")
class ConditionalAccessPolicy(Asset):
    """A conditional access policy: whom it is about, when, and what it then asks for."""

    state: str
    """`enabled`, `disabled` or `enabledForReportingButNotEnforced`."""
    document: Document
    """Its `conditions`, `grantControls` and `sessionControls` as Microsoft Graph returns them."""
