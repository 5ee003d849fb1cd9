"""Roles that anyone at a token issuer may assume, because no subject is asked for.

GitHub, GitLab, Terraform Cloud and others give tokens to all their customers from one issuer. A trust that asks for the
audience alone lets each of them take the role: their audience is the same.
"""

from poise.model import (
    Check,
    Example,
    Fix,
    Inventory,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.iam import IamRole
from poise.model.samples.aws_iam import GITHUB_ROLE, IAM_ROLE, trusting_github
from poise.policy.aws.demands import terms_of
from poise.policy.aws.exposed import role_exposed
from poise.policy.aws.exposure import Audience, Level
from poise.policy.aws.issuers import SHARED_ISSUERS
from poise.policy.aws.principal import is_service_linked
from poise.policy.aws.trust import issuer_of


def evaluate(role: IamRole, inventory: Inventory) -> Verdict:
    if is_service_linked(role):
        return not_applicable("the role belongs to a service, which alone can assume it")
    exposure = role_exposed(role, inventory)
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    terms = terms_of(role.trust_policy)
    trusted = {issuer_of(provider) for one in terms.values() for provider in one.federated}
    if not trusted & SHARED_ISSUERS.keys():
        return not_applicable("the role trusts no issuer that others share")
    for grant in exposure.of(Audience.ANYONE):
        claims = {f"{grant.who}:{claim}" for claim in SHARED_ISSUERS.get(grant.who, ())}
        if claims and not claims & terms[grant.because.statement or 0].keys:
            return unhealthy(grant.because.text, seen=role.trust_policy)
    return healthy("no shared token issuer is trusted without a subject")


CHECK = Check(
    title="Roles that trust a shared token issuer should check the subject",
    asset=IamRole,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, {name}, Trust relationships, Edit: add a condition on the subject that names the own "
        'organization, project and branch, e.g. "token.actions.githubusercontent.com:sub": '
        '"repo:OWNER/REPOSITORY:ref:refs/heads/main".',
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform="""
condition {   # in the aws_iam_policy_document of the trust policy of {name}
  test     = "StringEquals"
  variable = "token.actions.githubusercontent.com:sub"
  values   = ["repo:OWNER/REPOSITORY:ref:refs/heads/main"]
}
""",
        impact="Pipelines whose subject is not named cannot assume the role any more.",
    ),
    examples=(
        Example("one branch", GITHUB_ROLE, "healthy"),
        Example("a service", IAM_ROLE, "not_applicable"),
        Example("audience alone", trusting_github(None), "unhealthy", "no subject"),
        Example("too wide a subject", trusting_github("repo:acme*:*"), "healthy"),
        Example("service-linked", replace(trusting_github(None), path="/aws-service-role/x/"), "not_applicable"),
        Example("unreadable", replace(IAM_ROLE, trust_policy={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(IAM_ROLE, unread={"trust_policy": "malformed"}), "unknown", "malformed"),
    ),
)
