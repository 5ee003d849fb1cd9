"""Programs that own a subscription.

A service principal signs in with a secret, certificate or federation and no second factor. If it is an owner, whoever
gets its credential, from a pipeline or a machine, has everything and can let others in.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.azure.authorization import RoleAssignment
from poise.model.samples.azure_authorization import OWNER, ROLE_ASSIGNMENT
from poise.model.samples.azure_subscription import HOME
from poise.policy.azure.roles import OWNER as OWNER_ROLE
from poise.policy.azure.roles import covers_subscription, is_role


def evaluate(assignment: RoleAssignment) -> Verdict:
    if not is_role(assignment, OWNER_ROLE):
        return not_applicable("it gives another role")
    if not covers_subscription(assignment):
        return not_applicable("it holds for a part of the subscription")
    if assignment.principal_type == "ServicePrincipal":
        return unhealthy("a service principal owns the subscription", seen=assignment.principal_id)
    if assignment.principal_type is None:
        return unknown("the answer does not say what kind of principal it is")
    return healthy(f"the owner is a {assignment.principal_type}")


OWNED = replace(ROLE_ASSIGNMENT, role_definition=OWNER, assigned_at=HOME)
BY_PROGRAM = replace(OWNED, principal_type="ServicePrincipal")
CHECK = Check(
    title="Service principals should not own a subscription",
    asset=RoleAssignment,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
    evaluate=evaluate,
    fix=Fix(
        console="Open the subscription, Access control (IAM), Role assignments; give the service principal the narrowest role "
        "it can work with, on the resource groups it works in; then remove its Owner assignment.",
        cli="az role assignment delete --ids {id}",
        terraform="""
resource "azurerm_role_assignment" "pipeline" {
  scope                = azurerm_resource_group.app.id
  role_definition_name = "Contributor"
  principal_id         = "PRINCIPAL"
}
""",
        impact="What the program did elsewhere, or by giving access, fails.",
    ),
    examples=(
        Example("a group", OWNED, "healthy", "Group"),
        Example("a program", BY_PROGRAM, "unhealthy", "service principal"),
        Example("at a resource group", replace(BY_PROGRAM, assigned_at=ROLE_ASSIGNMENT.assigned_at), "not_applicable"),
        Example("a reader", ROLE_ASSIGNMENT, "not_applicable", "another role"),
        Example("not told", replace(OWNED, principal_type=None), "unknown", "does not say"),
        Example("unread", replace(BY_PROGRAM, unread={"principal_type": "denied"}), "unknown", "denied"),
    ),
)
