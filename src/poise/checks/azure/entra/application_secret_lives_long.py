"""Secrets of applications that live for years.

A secret ends up in pipelines, files and mails. Until its end date, whoever finds it signs in as the application, with no
second factor and from anywhere.
"""

from datetime import datetime

from msgspec import structs

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.azure.entra_applications import ApplicationCredential, EntraApplication
from poise.model.samples.azure_entra import CREDENTIAL, ENTRA_APPLICATION


def evaluate(application: EntraApplication, most_days: int) -> Verdict:
    if not application.secrets:
        return healthy("it has no secret")
    dated = [one for one in application.secrets if one.starts and one.ends]
    long = [one.name or one.key for one in dated if _days(one) > most_days]
    if long:
        return unhealthy(f"secrets live longer than {most_days} days: {', '.join(long)}", seen=sorted(long))
    if len(dated) < len(application.secrets):
        return unknown("the answer does not say when a secret begins and ends")
    return healthy(f"no secret lives longer than {most_days} days")


def _days(secret: ApplicationCredential) -> int:
    return (datetime.fromisoformat(secret.ends or "") - datetime.fromisoformat(secret.starts or "")).days


def _with(**dates: str | None) -> EntraApplication:
    return replace(ENTRA_APPLICATION, secrets=(structs.replace(CREDENTIAL, **dates),))


CHECK = Check(
    title="Secrets of applications should be short-lived",
    asset=EntraApplication,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/entra/identity-platform/security-best-practices-for-app-registration",
    evaluate=evaluate,
    parameters=(Parameter("most_days", 180, "Most days from a secret's beginning to its end.", lowest=1),),
    fix=Fix(
        console="Open Entra ID, App registrations, {name}, Certificates & secrets; add a federated credential or a certificate, "
        "move what uses the secret over, then delete the secret.",
        cli="az ad app credential delete --id {id} --key-id KEY",
        terraform="""
resource "azuread_application_federated_identity_credential" "pipeline" {
  application_id = "/applications/{id}"
  display_name   = "pipeline"
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:OWNER/REPOSITORY:ref:refs/heads/main"
  audiences      = ["api://AzureADTokenExchange"]
}
""",
        impact="What still signs in with the secret fails once it is deleted.",
    ),
    examples=(
        Example("no secret", ENTRA_APPLICATION, "healthy", "no secret"),
        Example("five months", _with(), "healthy", "180 days"),
        Example("twenty years", _with(ends="2046-10-01T00:00:00Z"), "unhealthy", "pipeline"),
        Example("fewer days wanted", _with(), "unhealthy", "30 days", parameters={"most_days": 30}),
        Example("no end told", _with(ends=None), "unknown", "does not say"),
        Example("unread", replace(ENTRA_APPLICATION, unread={"secrets": "denied"}), "unknown", "denied"),
    ),
)
