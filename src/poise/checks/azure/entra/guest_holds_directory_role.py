"""Guests who hold a role in the directory.

A guest signs in with an account that another organization guards and ends. If it is taken over there, or the person
leaves, the role stays. Eligible roles count: the guest only has to activate them.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.entra import EntraUser
from poise.model.azure.entra_roles import DirectoryRoleAssignment, DirectoryRoleEligibility
from poise.model.samples.azure_entra import DIRECTORY_ROLE_ASSIGNMENT, DIRECTORY_ROLE_ELIGIBILITY, ENTRA_USER

READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
"""Directory Readers, which a guest may need and which changes nothing."""


def evaluate(user: EntraUser, inventory: Inventory) -> Verdict:
    if user.user_type != "Guest":
        return not_applicable("it is no guest")
    active = [one.role_definition for one in inventory.of(DirectoryRoleAssignment, user.scope, principal_id=user.id)]
    eligible = [one.role_definition for one in inventory.of(DirectoryRoleEligibility, user.scope, principal_id=user.id)]
    held = [role for role in (*active, *eligible) if role != READERS]
    if held:
        return unhealthy(f"the guest holds or may activate {len(held)} directory roles", seen=sorted(held))
    return healthy("the guest holds no directory role")


GUEST = replace(ENTRA_USER, user_type="Guest")
CHECK = Check(
    title="Guests should hold no roles in the directory",
    asset=EntraUser,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/best-practices",
    evaluate=evaluate,
    fix=Fix(
        console="Open Entra ID, Users, {name}, Assigned roles; remove them. Who must administer gets an account of your own.",
        cli="az rest --method delete --url "
        "https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments/ASSIGNMENT",
        terraform="# remove the azuread_directory_role_assignment whose principal_object_id is {id}\n",
        impact="The guest can no longer administer what the role was for.",
    ),
    examples=(
        Example("a member", ENTRA_USER, "not_applicable", "", (DIRECTORY_ROLE_ASSIGNMENT,)),
        Example("no role", GUEST, "healthy"),
        Example("a role", GUEST, "unhealthy", "1 directory", (DIRECTORY_ROLE_ASSIGNMENT,)),
        Example("eligible", GUEST, "unhealthy", "1 directory", (DIRECTORY_ROLE_ELIGIBILITY,)),
        Example("reads", GUEST, "healthy", "", (replace(DIRECTORY_ROLE_ASSIGNMENT, role_definition=READERS),)),
        Example("of another", GUEST, "healthy", "", (replace(DIRECTORY_ROLE_ASSIGNMENT, principal_id="x"),)),
        Example("denied", GUEST, "unknown", "403", unlisted={"Microsoft.Graph/roleAssignments": "403"}),
        Example("unread", replace(ENTRA_USER, unread={"user_type": "denied"}), "unknown", "denied"),
    ),
)
