"""Records of Azure role-based access control."""

from poise.model.asset import Asset, Part, asset_kind


@asset_kind("Microsoft.Authorization/roleAssignments", "azure")
class RoleAssignment(Asset):
    """A role given to a principal on a scope and everything below it."""

    role_definition: str
    """Id of the role; its last part is the same in every subscription."""
    principal_id: str
    """Object id of the principal in Entra."""
    principal_type: str | None
    """`User`, `Group`, `ServicePrincipal`, `ForeignGroup` or `Device`; None if not told."""
    assigned_at: str
    """Id of the scope it holds on: a management group, subscription, resource group or resource; `/` is the tenant."""
    condition: str | None
    """Condition that narrows it; None if it always holds."""
    created: str | None
    """When it was given, ISO 8601; None if not told."""
    created_by: str | None
    """Object id of who gave it; None if Azure did."""


class Permission(Part, frozen=True, kw_only=True):
    """What a role allows: actions minus excepted actions. Patterns with `*`, compared without case."""

    actions: tuple[str, ...]
    """Allowed management actions."""
    not_actions: tuple[str, ...]
    """Excepted from them."""
    data_actions: tuple[str, ...]
    """Allowed data actions."""
    not_data_actions: tuple[str, ...]
    """Excepted from them."""
    condition: str | None
    """Condition under which the entry holds, which some built-in roles have; None if it always holds."""


@asset_kind("Microsoft.Authorization/roleDefinitions", "azure")
class RoleDefinition(Asset):
    """A role: a named set of permissions."""

    guid: str
    """The role's own id, the same in every subscription."""
    role_type: str
    """`BuiltInRole` or `CustomRole`."""
    description: str | None
    """What its author says about it."""
    assignable_scopes: tuple[str, ...]
    """Scopes at which it may be assigned."""
    permissions: tuple[Permission, ...]
    """What it allows; each entry stands for itself."""
