"""Accounts where people may carry files out through AWS CloudShell.

AWSCloudShellFullAccess lets its holder upload to and download from a shell that has internet access and the user's
own rights: a way out for data that no network rule sees.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.aws.iam import IamPolicy
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.aws_iam import AWS_POLICY, IAM_POLICY
from poise.policy.aws.principal import partition_of


def evaluate(account: AwsAccount, inventory: Inventory) -> Verdict:
    arn = f"arn:{partition_of(account.id)}:iam::aws:policy/AWSCloudShellFullAccess"
    policy = inventory.find(IamPolicy, account.scope, arn)
    if policy is None or policy.attachments == 0:
        return healthy("the policy AWSCloudShellFullAccess is attached to nobody")
    return unhealthy("the policy AWSCloudShellFullAccess is attached", seen={"attachments": policy.attachments})


SHELL = replace(
    AWS_POLICY, id="arn:aws:iam::aws:policy/AWSCloudShellFullAccess", name="AWSCloudShellFullAccess", attachments=2
)

CHECK = Check(
    title="Nobody should have full access to CloudShell",
    asset=AwsAccount,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/cloudshell/latest/userguide/sec-auth-with-identities.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Policies, AWSCloudShellFullAccess, Entities attached, Detach; attach a policy of your own "
        "without cloudshell:GetFileUploadUrls and cloudshell:GetFileDownloadUrls where the shell is needed.",
        cli="aws iam list-entities-for-policy --policy-arn arn:aws:iam::aws:policy/AWSCloudShellFullAccess\n"
        "aws iam detach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/AWSCloudShellFullAccess",
        terraform="# Remove the attachments of arn:aws:iam::aws:policy/AWSCloudShellFullAccess.",
    ),
    examples=(
        Example("not attached", AWS_ACCOUNT, "healthy", others=(IAM_POLICY,)),
        Example("attached to nobody any more", AWS_ACCOUNT, "healthy", others=(replace(SHELL, attachments=0),)),
        Example("attached", AWS_ACCOUNT, "unhealthy", "attached", others=(SHELL,)),
        Example("policies unread", AWS_ACCOUNT, "unknown", "denied", unlisted={IAM_POLICY.KIND: "denied"}),
    ),
)
