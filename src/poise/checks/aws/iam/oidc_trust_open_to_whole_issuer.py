"""Roles that every holder of a token of an own issuer may assume.

A cluster or a forge of one's own gives tokens to each of its workloads and projects. A trust that asks for no subject
lets each of them take the role, the least important one included.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.asset import Document
from poise.model.aws.iam import IamRole
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import GITHUB_ROLE, IAM_ROLE, trusting_github
from poise.policy.aws.demands import Terms, terms_of
from poise.policy.aws.exposure import Audience, Level, trust_exposure
from poise.policy.aws.issuers import SHARED_ISSUERS, is_every_subject
from poise.policy.aws.principal import partition_of
from poise.policy.aws.trust import issuer_of


def evaluate(role: IamRole) -> Verdict:
    exposure = trust_exposure(role.trust_policy, role.scope, partition_of(role.id))
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    terms = terms_of(role.trust_policy)
    trusted = [
        (issuer_of(grant.who), terms[grant.because.statement or 0])
        for grant in exposure.of(Audience.FEDERATED)
        if ":oidc-provider/" in grant.who
    ]
    own = [(issuer, demanded) for issuer, demanded in trusted if issuer not in SHARED_ISSUERS]
    if not own:
        return not_applicable("the role trusts no OpenID Connect provider of the own organization")
    for issuer, demanded in own:
        if not _asks_for_more_than_audience(demanded, issuer):
            return unhealthy(f"{demanded.place} asks tokens of {issuer} for no subject", seen=role.trust_policy)
    return healthy("each own token issuer is trusted for named subjects")


def _asks_for_more_than_audience(terms: Terms, issuer: str) -> bool:
    own = {key: values for key, values in terms.demands.items() if key.startswith(f"{issuer}:")}
    return any(key != f"{issuer}:aud" and not any(map(is_every_subject, values)) for key, values in own.items())


CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"


def _trusting_cluster(**condition: Document) -> IamRole:
    statement: Document = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{CLUSTER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return replace(IAM_ROLE, trust_policy={"Version": "2012-10-17", "Statement": [statement]})


AUDIENCE = {f"{CLUSTER}:aud": "sts.amazonaws.com"}
SUBJECT = {f"{CLUSTER}:sub": "system:serviceaccount:shop:cart"}

CHECK = Check(
    title="Roles that trust your own token issuer should check the subject",
    asset=IamRole,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, {name}, Trust relationships, Edit: add a condition on ISSUER:sub that names the "
        "workload, e.g. system:serviceaccount:NAMESPACE:NAME.",
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform="""
condition {   # in the aws_iam_policy_document of the trust policy of {name}
  test     = "StringEquals"
  variable = "ISSUER:sub"
  values   = ["system:serviceaccount:NAMESPACE:NAME"]
}
""",
        impact="Workloads that are not named cannot assume the role any more.",
    ),
    examples=(
        Example("one workload", _trusting_cluster(StringEquals=AUDIENCE | SUBJECT), "healthy"),
        Example("audience alone", _trusting_cluster(StringEquals=AUDIENCE), "unhealthy", "no subject"),
        Example(
            "any workload of the cluster",
            _trusting_cluster(StringLike={f"{CLUSTER}:sub": "system:serviceaccount:*:*"}),
            "unhealthy",
            "no subject",
        ),
        Example("any subject", _trusting_cluster(StringLike={f"{CLUSTER}:sub": "*"}), "unhealthy", "no subject"),
        Example("shared issuer, one branch", GITHUB_ROLE, "not_applicable"),
        Example("shared issuer, no subject", trusting_github(None), "not_applicable"),
        Example("unreadable", replace(IAM_ROLE, trust_policy={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(IAM_ROLE, unread={"trust_policy": "malformed"}), "unknown", "malformed"),
    ),
)
