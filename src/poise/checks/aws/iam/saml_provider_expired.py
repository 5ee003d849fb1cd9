"""SAML providers whose metadata has expired.

Nobody can sign in through the provider any more, and people go back to passwords and keys of their own.
"""

from datetime import datetime

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.iam import IamSamlProvider
from poise.model.moment import moment_of
from poise.model.samples.aws_iam import IAM_SAML_PROVIDER


def evaluate(provider: IamSamlProvider, now: datetime) -> Verdict:
    if provider.valid_until is None:
        return healthy("its metadata names no end")
    end = moment_of(provider.valid_until)
    if now < end:
        return healthy("its metadata is valid", provider.valid_until, end)
    return unhealthy(f"its metadata ended on {end.date()}", seen=provider.valid_until)


CHECK = Check(
    title="SAML providers should have valid metadata",
    asset=IamSamlProvider,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html",
    evaluate=evaluate,
    fix=Fix(
        console="Download the metadata from the identity provider; IAM console, Identity providers, {name}, Replace "
        "metadata. Delete the provider if nobody uses it.",
        cli="aws iam update-saml-provider --saml-provider-arn {id} --saml-metadata-document file://metadata.xml",
        terraform="# In the aws_iam_saml_provider {name}: give saml_metadata_document the new metadata.",
    ),
    examples=(
        Example("valid", IAM_SAML_PROVIDER, "healthy"),
        Example("no end", replace(IAM_SAML_PROVIDER, valid_until=None), "healthy"),
        Example("ended", replace(IAM_SAML_PROVIDER, valid_until="2026-11-01T00:00:00Z"), "unhealthy", "2026-11-01"),
        Example("unread", replace(IAM_SAML_PROVIDER, unread={"valid_until": "cut"}), "unknown", "cut"),
    ),
)
