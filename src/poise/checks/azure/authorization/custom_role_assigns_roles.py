"""Roles of one's own that may give roles.

Whoever holds such a role can make anybody an owner, itself included, though the role looks narrow in a review.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.authorization import Permission, RoleDefinition
from poise.model.samples.azure_authorization import ROLE_DEFINITION
from poise.policy.azure.roles import GRANT_ROLES, allows


def evaluate(role: RoleDefinition) -> Verdict:
    if role.role_type != "CustomRole":
        return not_applicable("it is Azure's own")
    # A condition in the entry limits which roles may be given: what is left without one decides.
    free = tuple(entry for entry in role.permissions if entry.condition is None)
    if allows(free, GRANT_ROLES):
        return unhealthy("it allows giving any role to anybody", seen=role.permissions)
    return healthy("it does not allow giving roles freely")


def _with(*actions: str, excepted: tuple[str, ...] = (), condition: str | None = None) -> RoleDefinition:
    entry = Permission(actions=actions, not_actions=excepted, data_actions=(), not_data_actions=(), condition=condition)
    return replace(ROLE_DEFINITION, permissions=(entry,))


CHECK = Check(
    title="Custom roles should not allow giving roles",
    asset=RoleDefinition,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/role-based-access-control/delegate-role-assignments-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the subscription, Access control (IAM), Roles, {name}, Edit, Permissions; take "
        "Microsoft.Authorization/roleAssignments/write out; Save. Who must give roles gets Role Based Access Control "
        "Administrator with a condition.",
        cli="az role definition update --role-definition role.json",
        terraform="""
resource "azurerm_role_definition" "this" {
  name  = "{name}"
  scope = "/subscriptions/{scope}"
  permissions {
    actions     = ["*"]
    not_actions = ["Microsoft.Authorization/*/write", "Microsoft.Authorization/*/delete"]
  }
}
""",
        impact="Whoever has the role can no longer give access to others.",
    ),
    examples=(
        Example("narrow", ROLE_DEFINITION, "healthy"),
        Example("gives roles", _with("Microsoft.Authorization/roleAssignments/write"), "unhealthy", "any role"),
        Example("by a pattern", _with("Microsoft.Authorization/*"), "unhealthy"),
        Example("excepted", _with("*", excepted=("Microsoft.Authorization/*/write",)), "healthy"),
        Example("under a condition", _with(GRANT_ROLES, condition="((!(ActionMatches{'x'})))"), "healthy"),
        Example("Azure's own", replace(_with("*"), role_type="BuiltInRole"), "not_applicable"),
        Example("unread", replace(ROLE_DEFINITION, unread={"permissions": "denied"}), "unknown", "denied"),
    ),
)
