"""Roles that every AWS customer may assume.

A trust policy that names everyone, without a condition that keeps strangers out, gives the role's rights to each
account of AWS: it takes the ARN alone, and ARNs can be guessed.
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
from poise.model.asset import Document
from poise.model.aws.iam import IamRole
from poise.model.samples.aws_iam import IAM_ROLE
from poise.policy.aws.exposed import role_exposed
from poise.policy.aws.exposure import Audience, Level
from poise.policy.aws.principal import is_service_linked


def evaluate(role: IamRole, inventory: Inventory) -> Verdict:
    if is_service_linked(role):
        return not_applicable("the role belongs to a service, which alone can assume and change it")
    exposure = role_exposed(role, inventory)
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    # A grant to anyone at a token issuer names the issuer; other checks report those.
    anyone = [grant.because.text for grant in exposure.of(Audience.ANYONE) if grant.who == "*"]
    if anyone:
        return unhealthy("; ".join(anyone), seen=role.trust_policy)
    return healthy("no statement of the trust policy lets anyone assume the role")


def _trusting(principal: object, **more: object) -> IamRole:
    statement: Document = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return replace(IAM_ROLE, trust_policy={"Version": "2012-10-17", "Statement": [statement]})


PINNED = {"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"]}}

CHECK = Check(
    title="Roles should not be assumable by anyone",
    asset=IamRole,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, {name}, Trust relationships, Edit trust policy: name the accounts, roles or services "
        "that need the role in place of *.",
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform="# In assume_role_policy of the aws_iam_role {name}: name principals in place of *.",
        impact="Whoever is not named any more cannot assume the role; CloudTrail shows who did (AssumeRole).",
    ),
    examples=(
        Example("a service", IAM_ROLE, "healthy"),
        Example("everyone", _trusting("*"), "unhealthy", "anyone"),
        Example("everyone, spelt as AWS", _trusting({"AWS": ["*"]}), "unhealthy", "anyone"),
        Example("two named roles", _trusting({"AWS": "*"}, Condition=PINNED), "healthy"),
        Example("one foreign account", _trusting({"AWS": "999988887777"}), "healthy"),
        Example("service-linked", replace(_trusting("*"), path="/aws-service-role/x/"), "not_applicable"),
        Example("unreadable", replace(IAM_ROLE, trust_policy={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(IAM_ROLE, unread={"trust_policy": "malformed"}), "unknown", "malformed"),
    ),
)
