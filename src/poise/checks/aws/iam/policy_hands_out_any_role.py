"""Customer managed policies that let their holder give any role to a service.

With `iam:PassRole` on every role a holder who may start a machine, a function or a build has it run as the mightiest
role of the account.
"""

from poise.model import (
    Category,
    Check,
    Example,
    Fix,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.asset import Document
from poise.model.aws.iam import IamPolicy
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import ALLOW_ALL, AWS_POLICY, IAM_POLICY
from poise.policy.answer import Decision
from poise.policy.aws.principal import PrincipalDocuments, partition_of


def evaluate(policy: IamPolicy) -> Verdict:
    if policy.owner == "aws":
        return not_applicable("AWS's own policy: what it is attached to is judged instead")
    documents = PrincipalDocuments({policy.name: policy.document}, boundary=None)
    if documents.is_admin().decision is Decision.ALLOW:
        return not_applicable("it allows everything: another check reports that")
    answer = documents.allows("iam:PassRole", f"arn:{partition_of(policy.id)}:iam::{policy.scope}:role/*")
    if answer.decision is Decision.UNKNOWN:
        return unknown("; ".join(f"{gap.input}: {gap.reason}" for gap in answer.unread))
    if answer.decision is Decision.ALLOW and policy.attachments == 0:
        return not_applicable("it is attached to nobody")
    if answer.decision is Decision.ALLOW:
        return unhealthy("it allows iam:PassRole on every role, to every service", seen=policy.document)
    return healthy("it does not allow iam:PassRole on every role to every service")


def _saying(**more: object) -> IamPolicy:
    statement: Document = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", **more}
    return replace(IAM_POLICY, document={"Version": "2012-10-17", "Statement": [statement]})


TO_ECS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}

CHECK = Check(
    title="Customer managed policies should name the roles that may be handed to services",
    asset=IamPolicy,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    evaluate=evaluate,
    category=Category.ENTITLEMENT,
    fix=Fix(
        console="IAM console, Policies, {name}, Edit: in the statement with iam:PassRole name the roles, and the service in "
        "a condition on iam:PassedToService.",
        cli="aws iam create-policy-version --policy-arn {id} --policy-document file://needed.json --set-as-default",
        terraform="""
statement {   # in the aws_iam_policy_document of {name}
  actions   = ["iam:PassRole"]
  resources = [aws_iam_role.task.arn]
  condition {
    test     = "StringEquals"
    variable = "iam:PassedToService"
    values   = ["ecs-tasks.amazonaws.com"]
  }
}
""",
        impact="Starting things with a role that is not named fails.",
    ),
    examples=(
        Example("no PassRole", IAM_POLICY, "healthy"),
        Example("any role", _saying(), "unhealthy", "iam:PassRole"),
        Example("any role, spelt otherwise", _saying(Action="IAM:pass*"), "unhealthy"),
        Example("attached to nobody", replace(_saying(), attachments=0), "not_applicable", "nobody"),
        Example("one role", _saying(Resource="arn:aws:iam::111122223333:role/task"), "healthy"),
        Example(
            "any role of the account", _saying(Resource=f"arn:aws:iam::{ACCOUNT}:role/*"), "unhealthy", "iam:PassRole"
        ),
        Example("any role of any account", _saying(Resource="arn:aws:iam::*:role/*"), "unhealthy"),
        Example("to one service", _saying(Condition=TO_ECS), "healthy"),
        Example("everything", replace(IAM_POLICY, document=ALLOW_ALL), "not_applicable", "another check"),
        Example("AWS's own", AWS_POLICY, "not_applicable", "AWS's own"),
        Example("unreadable", replace(IAM_POLICY, document={"Statement": "all"}), "unknown"),
        Example("unread", replace(IAM_POLICY, unread={"document": "malformed"}), "unknown", "malformed"),
    ),
)
