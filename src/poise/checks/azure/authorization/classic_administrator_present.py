"""Administrators of the classic kind.

They date from before role assignments, had all rights over the subscription, and reviews of roles do not show them.
Microsoft retired them in August 2024; whoever is still listed should have a role, or nothing.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.privileged import ClassicAdministratorRecord
from poise.model.samples.azure_privileged import CLASSIC_ADMINISTRATOR

ACTING = frozenset({"serviceadministrator", "coadministrator"})


def evaluate(administrator: ClassicAdministratorRecord) -> Verdict:
    if ACTING & {role.lower() for role in administrator.roles}:
        return unhealthy("it is a classic administrator", seen=administrator.roles)
    return healthy("it only pays the bill")


CHECK = Check(
    title="Subscriptions should have no classic administrators",
    asset=ClassicAdministratorRecord,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/role-based-access-control/classic-administrators",
    evaluate=evaluate,
    fix=Fix(
        console="Open the subscription, Access control (IAM), Classic administrators; give {name} the narrowest role that is "
        "needed, then Remove.",
        cli="az rest --method delete --url https://management.azure.com{id}?api-version=2015-07-01",
        terraform="# Classic administrators are not managed by Terraform: give a role instead.\n",
        impact="Classic resources, where there still are any, can no longer be managed by this person.",
    ),
    examples=(
        Example("pays the bill", CLASSIC_ADMINISTRATOR, "healthy"),
        Example("co-administrator", replace(CLASSIC_ADMINISTRATOR, roles=("CoAdministrator",)), "unhealthy"),
        Example(
            "service administrator",
            replace(CLASSIC_ADMINISTRATOR, roles=("ServiceAdministrator", "AccountAdministrator")),
            "unhealthy",
        ),
        Example("unread", replace(CLASSIC_ADMINISTRATOR, unread={"roles": "denied"}), "unknown", "denied"),
    ),
)
