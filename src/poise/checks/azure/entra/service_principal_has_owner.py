"""Service principals that people own.

An owner may add a secret and sign in as the program: it has all rights of the program, whatever roles it was given
itself, and no review of roles shows that.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.entra_applications import EntraServicePrincipal
from poise.model.samples.azure_entra import ENTRA_SERVICE_PRINCIPAL


def evaluate(program: EntraServicePrincipal) -> Verdict:
    if program.principal_type == "ManagedIdentity":
        return not_applicable("a managed identity takes no secrets")
    if program.owners:
        return unhealthy(f"{len(program.owners)} may add a secret to it", seen=program.owners)
    return healthy("nobody owns it")


OWNED = replace(ENTRA_SERVICE_PRINCIPAL, owners=("12121212-3434-5656-7878-909090909090",))
CHECK = Check(
    title="Service principals should have no owners",
    asset=EntraServicePrincipal,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/entra/identity-platform/security-best-practices-for-app-registration",
    evaluate=evaluate,
    fix=Fix(
        console="Open Entra ID, Enterprise applications, {name}, Owners; remove them. Administrators of applications can still "
        "change it.",
        cli="az rest --method delete --url https://graph.microsoft.com/v1.0/servicePrincipals/{id}/owners/OWNER/$ref",
        terraform="""
resource "azuread_service_principal" "this" {
  client_id = "APPLICATION"
  owners    = []
}
""",
        impact="Former owners can no longer change the program or its assignments.",
    ),
    examples=(
        Example("nobody", ENTRA_SERVICE_PRINCIPAL, "healthy"),
        Example("owned", OWNED, "unhealthy", "1 may"),
        Example("managed identity", replace(OWNED, principal_type="ManagedIdentity"), "not_applicable"),
        Example("unread", replace(OWNED, unread={"owners": "denied"}), "unknown", "denied"),
    ),
)
