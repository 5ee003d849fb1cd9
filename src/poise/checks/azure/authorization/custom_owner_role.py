"""Roles of one's own that allow everything.

Such a role is an owner by another name: reviews of owners, alerts and limits that look for the built-in role pass it by.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.authorization import Permission, RoleDefinition
from poise.model.samples.azure_authorization import ROLE_DEFINITION
from poise.policy.azure.roles import has_full_control


def evaluate(role: RoleDefinition) -> Verdict:
    if role.role_type != "CustomRole":
        return not_applicable("it is Azure's own")
    if has_full_control(role.permissions):
        return unhealthy("it allows every action, giving access to others included", seen=role.permissions)
    return healthy("it does not allow every action")


def _with(*excepted: str) -> RoleDefinition:
    everything = Permission(actions=("*",), not_actions=excepted, data_actions=(), not_data_actions=(), condition=None)
    return replace(ROLE_DEFINITION, permissions=(everything,))


CHECK = Check(
    title="Custom roles should not allow everything",
    asset=RoleDefinition,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/role-based-access-control/role-definitions",
    evaluate=evaluate,
    fix=Fix(
        console="Open the subscription, Access control (IAM), Roles, {name}, Edit, JSON; name the actions that are needed; "
        "Save. Or give the built-in role to those who need it, and delete this one.",
        cli="az role definition update --role-definition role.json",
        terraform="""
resource "azurerm_role_definition" "this" {
  name  = "{name}"
  scope = "/subscriptions/{scope}"
  permissions {
    actions = ["Microsoft.Compute/virtualMachines/read"]
  }
}
""",
        impact="Whoever has the role loses what is no longer named, at once.",
    ),
    examples=(
        Example(
            "right to grant roles in another entry",
            replace(
                ROLE_DEFINITION,
                permissions=(
                    Permission(
                        actions=("*",),
                        not_actions=("Microsoft.Authorization/*",),
                        data_actions=(),
                        not_data_actions=(),
                        condition=None,
                    ),
                    Permission(
                        actions=("Microsoft.Authorization/*",),
                        not_actions=(),
                        data_actions=(),
                        not_data_actions=(),
                        condition=None,
                    ),
                ),
            ),
            "unhealthy",
        ),
        Example("narrow", ROLE_DEFINITION, "healthy"),
        Example("everything", _with(), "unhealthy", "every action"),
        Example("everything but giving access", _with("microsoft.authorization/*/WRITE"), "healthy"),
        Example("everything but something small", _with("Microsoft.Compute/disks/delete"), "unhealthy"),
        Example("Azure's own", replace(_with(), role_type="BuiltInRole"), "not_applicable"),
        Example("unread", replace(ROLE_DEFINITION, unread={"permissions": "denied"}), "unknown", "denied"),
    ),
)
