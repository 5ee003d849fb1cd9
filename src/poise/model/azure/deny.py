"""Records of deny assignments: what Azure takes from principals, whatever their roles."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("Microsoft.Authorization/denyAssignments", "azure")
class DenyAssignmentRecord(Asset):
    """Actions that are taken from principals on a scope, by deployment stacks and managed applications."""

    document: Document
    """The assignment as Azure Resource Manager returns it."""
