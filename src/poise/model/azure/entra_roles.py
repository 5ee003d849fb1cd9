"""Records of directory roles of Entra: what they allow, who holds them, who may activate them."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("Microsoft.Graph/roleDefinitions", "azure")
class DirectoryRoleDefinition(Asset):
    """A directory role."""

    document: Document
    """The role as Microsoft Graph returns it."""


@asset_kind("Microsoft.Graph/roleAssignments", "azure")
class DirectoryRoleAssignment(Asset):
    """A directory role given to a principal on a scope of the directory."""

    role_definition: str
    """Id of the role."""
    principal_id: str
    """Object id of who holds it."""
    assigned_at: str
    """`/` for the tenant, `/administrativeUnits/` and an id, or `/` and the id of an object."""


@asset_kind("Microsoft.Graph/roleEligibilityScheduleInstances", "azure")
class DirectoryRoleEligibility(Asset):
    """A directory role that a principal may activate."""

    role_definition: str
    """Id of the role."""
    principal_id: str
    """Object id of who may activate it."""
    assigned_at: str
    """`/` for the tenant, `/administrativeUnits/` and an id, or `/` and the id of an object."""
    ends: str | None
    """When it ends, ISO 8601; None if it does not."""
