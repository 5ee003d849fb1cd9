"""Records of time-bound access: Privileged Identity Management of Azure roles, and the old classic administrators."""

from poise.model.asset import Asset, asset_kind


@asset_kind("Microsoft.Authorization/roleEligibilityScheduleInstances", "azure")
class RoleEligibility(Asset):
    """A role that a principal may activate on a scope and everything below it."""

    role_definition: str
    """Id of the role; its last part is the same in every subscription."""
    principal_id: str
    """Object id of the principal in Entra."""
    principal_type: str | None
    """`User`, `Group`, `ServicePrincipal`, `ForeignGroup` or `Device`; None if not told."""
    assigned_at: str
    """Id of the scope: a management group, subscription, resource group or resource."""
    condition: str | None
    """Condition that narrows it; None if it always holds."""
    starts: str | None
    """When it begins, ISO 8601; None if not told."""
    ends: str | None
    """When it ends, ISO 8601; None if it does not."""
    member_type: str | None
    """`Direct`, `Group` or `Inherited`; None if not told."""


@asset_kind("Microsoft.Authorization/roleManagementPolicyAssignments", "azure")
class RoleManagementPolicy(Asset):
    """What activating a role on a scope asks for."""

    role_definition: str
    """Id of the role."""
    assigned_at: str
    """Id of the scope: the policy is about roles that may be activated at just that scope."""
    approval_required: bool
    """Whether somebody else must approve an activation."""
    enabled_rules: tuple[str, ...]
    """What an activation asks for besides: `MultiFactorAuthentication`, `Justification`, `Ticketing`."""


@asset_kind("Microsoft.Authorization/roleAssignmentScheduleInstances", "azure")
class RoleActivation(Asset):
    """How an active role assignment came about, and when it ends."""

    assignment: str | None
    """Id of the role assignment; None if not told."""
    assignment_type: str
    """`Activated`, of an eligible role, or `Assigned`."""
    role_definition: str
    """Id of the role."""
    principal_id: str
    """Object id of the principal in Entra."""
    assigned_at: str
    """Id of the scope."""
    ends: str | None
    """When it ends, ISO 8601; None if it does not."""


@asset_kind("Microsoft.Authorization/classicAdministrators", "azure")
class ClassicAdministratorRecord(Asset):
    """An administrator of a subscription from before role assignments; without rights since August 2024."""

    email: str | None
    """Address it signs in with; None if not told."""
    roles: tuple[str, ...]
    """`ServiceAdministrator`, `CoAdministrator`, `AccountAdministrator`."""
