"""Roles that take tokens of an OpenID Connect provider whatever they were made for.

A token that a user or workflow got for another service, and that this service lost or abused, then opens the role too.
The audience says for whom a token was made.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.aws.iam import IamRole
from poise.model.samples.aws_iam import GITHUB_ROLE, IAM_ROLE, trusting_github
from poise.policy.aws.demands import terms_of
from poise.policy.aws.exposure import Level, trust_exposure
from poise.policy.aws.principal import partition_of
from poise.policy.aws.trust import issuer_of

SUBJECT = "repo:acme/shop:ref:refs/heads/main"

AUDIENCES = ("aud", "oaud", "app_id")
"""Claims that say for whom a token was made; `oaud` is Google's, `app_id` Amazon's and Facebook's."""


def evaluate(role: IamRole) -> Verdict:
    exposure = trust_exposure(role.trust_policy, role.scope, partition_of(role.id))
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    trusted = [
        (terms, issuer_of(provider))
        for terms in terms_of(role.trust_policy).values()
        for provider in terms.federated
        if ":saml-provider/" not in provider
    ]
    if not trusted:
        return not_applicable("the role trusts no OpenID Connect provider")
    for terms, issuer in trusted:
        if not terms.demands_any_of(*(f"{issuer}:{claim}" for claim in AUDIENCES)):
            return unhealthy(f"{terms.place} asks tokens of {issuer} for no audience", seen=role.trust_policy)
    return healthy("each OpenID Connect provider is trusted for one audience")


CHECK = Check(
    title="Roles that trust OpenID Connect tokens should check the audience",
    asset=IamRole,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, {name}, Trust relationships, Edit: add a condition such as "
        '"StringEquals": {"ISSUER:aud": "sts.amazonaws.com"}.',
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform="""
condition {   # in the aws_iam_policy_document of the trust policy of {name}
  test     = "StringEquals"
  variable = "ISSUER:aud"
  values   = ["sts.amazonaws.com"]
}
""",
        impact="Tokens with another audience do not open the role any more: look at those in use first.",
    ),
    examples=(
        Example("subject and audience", GITHUB_ROLE, "healthy"),
        Example("subject alone", trusting_github(SUBJECT, audience=None), "unhealthy", "no audience"),
        Example("no provider", IAM_ROLE, "not_applicable"),
        Example("unreadable", replace(IAM_ROLE, trust_policy={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(IAM_ROLE, unread={"trust_policy": "malformed"}), "unknown", "malformed"),
    ),
)
