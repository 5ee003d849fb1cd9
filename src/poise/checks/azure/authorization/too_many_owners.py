"""Subscriptions with many owners.

An owner may do everything, giving access to others included, so each is a way for an attacker to take the whole
subscription. A group counts once, whoever is in it; owners of management groups above count too. Who is merely eligible
for the role in Privileged Identity Management does not count.
"""

from poise.model import Check, Example, Fix, Inventory, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.authorization import RoleAssignment
from poise.model.azure.subscription import AzureSubscription
from poise.model.samples.azure_authorization import OWNER, ROLE_ASSIGNMENT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION, HOME
from poise.policy.azure.roles import OWNER as OWNER_ROLE
from poise.policy.azure.roles import covers_subscription, is_role


def evaluate(subscription: AzureSubscription, inventory: Inventory, most_owners: int) -> Verdict:
    assignments = inventory.of(RoleAssignment, subscription.scope)
    owners = {a.principal_id for a in assignments if is_role(a, OWNER_ROLE) and covers_subscription(a)}
    if len(owners) > most_owners:
        return unhealthy(f"it has {len(owners)} owners; at most {most_owners} are wanted", seen=sorted(owners))
    return healthy(f"it has {len(owners)} owners")


def _owners(*principals: str, at: str = HOME) -> tuple[RoleAssignment, ...]:
    return tuple(
        replace(ROLE_ASSIGNMENT, id=f"{HOME}/owner/{p}", role_definition=OWNER, principal_id=p, assigned_at=at)
        for p in principals
    )


ABOVE = _owners("d", at="/providers/microsoft.management/managementgroups/production")
DENIED = {"Microsoft.Authorization/roleAssignments": "AuthorizationFailed"}
CHECK = Check(
    title="Subscriptions should have few owners",
    asset=AzureSubscription,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
    evaluate=evaluate,
    parameters=(Parameter("most_owners", 3, "Most principals that may own a subscription.", lowest=1),),
    fix=Fix(
        console="Open the subscription {name}, Access control (IAM), Role assignments, filter Owner; remove those who can do "
        "with a narrower role, or make them eligible in Privileged Identity Management.",
        cli="az role assignment delete --assignee PRINCIPAL --role Owner --scope {id}",
        terraform="""
resource "azurerm_role_assignment" "team" {
  scope                = "{id}"
  role_definition_name = "Contributor"
  principal_id         = "PRINCIPAL"
}
""",
        impact="Who loses the role can no longer give access to others.",
    ),
    examples=(
        Example("none", AZURE_SUBSCRIPTION, "healthy", "0 owners", (ROLE_ASSIGNMENT,)),
        Example("three", AZURE_SUBSCRIPTION, "healthy", "3 owners", _owners("a", "b", "c")),
        Example("four, one above", AZURE_SUBSCRIPTION, "unhealthy", "4 owners", (*_owners("a", "b", "c"), *ABOVE)),
        Example(
            "of a resource group", AZURE_SUBSCRIPTION, "healthy", "", _owners(*"abcd", at=f"{HOME}/resourcegroups/x")
        ),
        Example(
            "fewer wanted",
            AZURE_SUBSCRIPTION,
            "unhealthy",
            "at most 1",
            _owners("a", "b"),
            parameters={"most_owners": 1},
        ),
        Example("denied", AZURE_SUBSCRIPTION, "unknown", "AuthorizationFailed", unlisted=DENIED),
    ),
)
