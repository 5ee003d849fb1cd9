"""Roles that take SAML assertions whatever they were made for.

An assertion that the identity provider made for another service, and that this service lost or abused, then opens the
role too. `SAML:aud` says for which sign-in page it was made.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.asset import Document
from poise.model.aws.iam import IamRole
from poise.model.samples.aws_iam import GITHUB_ROLE, IAM_ROLE, IAM_SAML_PROVIDER
from poise.policy.aws.demands import terms_of
from poise.policy.aws.exposure import Level, trust_exposure
from poise.policy.aws.principal import partition_of


def evaluate(role: IamRole) -> Verdict:
    exposure = trust_exposure(role.trust_policy, role.scope, partition_of(role.id))
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    terms = terms_of(role.trust_policy).values()
    trusting = [one for one in terms if any(":saml-provider/" in provider for provider in one.federated)]
    if not trusting:
        return not_applicable("the role trusts no SAML provider")
    for one in trusting:
        if "saml:aud" not in one.demands:
            return unhealthy(f"{one.place} asks assertions for no audience", seen=role.trust_policy)
    return healthy("each SAML provider is trusted for one audience")


def _trusting(**condition: Document) -> IamRole:
    statement: Document = {
        "Effect": "Allow",
        "Principal": {"Federated": IAM_SAML_PROVIDER.id},
        "Action": "sts:AssumeRoleWithSAML",
        "Condition": condition,
    }
    return replace(IAM_ROLE, trust_policy={"Version": "2012-10-17", "Statement": [statement]})


CHECK = Check(
    title="Roles that trust SAML assertions should check the audience",
    asset=IamRole,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, {name}, Trust relationships, Edit: add the condition "
        '"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}.',
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform="""
condition {   # in the aws_iam_policy_document of the trust policy of {name}
  test     = "StringEquals"
  variable = "SAML:aud"
  values   = ["https://signin.aws.amazon.com/saml"]
}
""",
        impact="Regional sign-in pages have addresses of their own: name those that are in use.",
    ),
    examples=(
        Example("audience", _trusting(StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}), "healthy"),
        Example("none", _trusting(), "unhealthy", "no audience"),
        Example("any audience", _trusting(StringLike={"SAML:aud": "*"}), "unhealthy"),
        Example("no SAML provider", IAM_ROLE, "not_applicable"),
        Example("OpenID Connect", GITHUB_ROLE, "not_applicable"),
        Example("unreadable", replace(IAM_ROLE, trust_policy={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(IAM_ROLE, unread={"trust_policy": "malformed"}), "unknown", "malformed"),
    ),
)
