"""Customer managed policies that allow every action on every resource, and are in use.

Whoever holds the policy owns the account, now and for each user or role that it is attached to later.
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
from poise.model.samples.aws_iam import ALLOW_ALL, AWS_POLICY, IAM_POLICY
from poise.policy.answer import Decision
from poise.policy.aws.principal import PrincipalDocuments


def evaluate(policy: IamPolicy) -> Verdict:
    if policy.owner == "aws":
        return not_applicable("AWS's own policy: what it is attached to is judged instead")
    answer = PrincipalDocuments({policy.name: policy.document}, boundary=None).is_admin()
    if answer.decision is Decision.DENY:
        return healthy("it does not allow every action on every resource")
    if answer.decision is Decision.UNKNOWN:
        return unknown("; ".join(reason.text for reason in answer.because))
    if policy.attachments == 0:
        return not_applicable("it is attached to nobody")
    limit = f", where {answer.residual}" if answer.residual is not None else ""
    return unhealthy(f"it allows every action on every resource{limit}", seen=policy.document)


def _saying(*statements: Document) -> IamPolicy:
    return replace(IAM_POLICY, document={"Version": "2012-10-17", "Statement": list(statements)})


ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ALL = replace(IAM_POLICY, document=ALLOW_ALL)

CHECK = Check(
    title="Customer managed policies should not allow everything",
    asset=IamPolicy,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    evaluate=evaluate,
    category=Category.ENTITLEMENT,
    fix=Fix(
        console="IAM console, Policies, {name}, Entities attached: give each what it needs instead, detach, then delete.",
        cli="aws iam list-entities-for-policy --policy-arn {id}\n"
        "aws iam create-policy-version --policy-arn {id} --policy-document file://needed.json --set-as-default",
        terraform='# In the aws_iam_policy {name}: name the needed actions and resources in place of "*".',
        impact="Whatever still needs the rights fails; compare with the last accessed information of IAM first.",
    ),
    examples=(
        Example("one bucket", IAM_POLICY, "healthy"),
        Example("everything", ALL, "unhealthy", "every action"),
        Example("all but one action", _saying({"Effect": "Allow", "NotAction": "a:b", "Resource": "*"}), "unhealthy"),
        Example("all of one service", _saying(ALLOW | {"Action": "s3:*"}), "healthy"),
        Example("allowed and denied", _saying(ALLOW, ALLOW | {"Effect": "Deny"}), "healthy"),
        Example("statement without a list", replace(ALL, document={"Statement": ALLOW}), "unhealthy"),
        Example("attached to nobody", replace(ALL, attachments=0), "not_applicable", "nobody"),
        Example("AWS's own", replace(AWS_POLICY, attachments=3), "not_applicable", "AWS's own"),
        Example("unreadable", replace(ALL, document={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(ALL, unread={"document": "malformed"}), "unknown", "malformed"),
        Example("uses unread", replace(ALL, unread={"attachments": "not told"}), "unknown", "not told"),
    ),
)
