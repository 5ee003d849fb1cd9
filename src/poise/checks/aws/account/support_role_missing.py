"""Accounts where nobody may open a case with AWS support.

In an incident the first call goes to AWS support. If only the root user or an administrator can make it, time is lost.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.aws.iam import IamPolicy
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.aws_iam import AWS_POLICY, IAM_POLICY
from poise.policy.aws.principal import partition_of


def evaluate(account: AwsAccount, inventory: Inventory) -> Verdict:
    arn = f"arn:{partition_of(account.id)}:iam::aws:policy/AWSSupportAccess"
    policy = inventory.find(IamPolicy, account.scope, arn)
    if policy is None or policy.attachments == 0:
        return unhealthy("the policy AWSSupportAccess is attached to nobody")
    return healthy("the policy AWSSupportAccess is attached", seen={"attachments": policy.attachments})


SUPPORT = replace(AWS_POLICY, id="arn:aws:iam::aws:policy/AWSSupportAccess", name="AWSSupportAccess", attachments=1)

CHECK = Check(
    title="A role should be able to open cases with AWS support",
    asset=AwsAccount,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/awssupport/latest/user/accessing-support.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, choose or create a role for incident managers, Add permissions, AWSSupportAccess.",
        cli="aws iam attach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/AWSSupportAccess",
        terraform="""
resource "aws_iam_role_policy_attachment" "support" {
  role       = aws_iam_role.incident_manager.name
  policy_arn = "arn:aws:iam::aws:policy/AWSSupportAccess"
}
""",
    ),
    examples=(
        Example("attached", AWS_ACCOUNT, "healthy", others=(SUPPORT,)),
        Example("not there", AWS_ACCOUNT, "unhealthy", "nobody", others=(IAM_POLICY,)),
        Example("attached to nobody", AWS_ACCOUNT, "unhealthy", others=(replace(SUPPORT, attachments=0),)),
        Example("policies unread", AWS_ACCOUNT, "unknown", "denied", unlisted={IAM_POLICY.KIND: "denied"}),
    ),
)
