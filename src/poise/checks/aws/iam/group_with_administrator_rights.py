"""Groups that may do everything.

Every member, and whoever is added later, owns the account.
"""

from poise.model import (
    Category,
    Check,
    Example,
    Fix,
    Inventory,
    Severity,
    Verdict,
    replace,
)
from poise.model.aws.iam import IamGroup
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import ALLOW_ALL, BROKEN_POLICY, DENY_ALL, IAM_GROUP, IAM_POLICY, WITH_MFA
from poise.policy.aws.administration import administrator_verdict


def evaluate(group: IamGroup, inventory: Inventory) -> Verdict:
    return administrator_verdict(group, inventory)


ADMIN = replace(IAM_GROUP, inline_policies={"all": ALLOW_ALL}, attached_policies=())
BY_POLICY = replace(IAM_POLICY, id=f"arn:aws:iam::{ACCOUNT}:policy/all", name="all", document=ALLOW_ALL)
ATTACHED = replace(IAM_GROUP, attached_policies=(BY_POLICY.id,))

CHECK = Check(
    title="Groups should not have administrator rights",
    asset=IamGroup,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    evaluate=evaluate,
    category=Category.ENTITLEMENT,
    fix=Fix(
        console="IAM console, User groups, {name}, Permissions: remove the policy that is named in the evidence and attach one with the actions that are needed. For administration use a role of IAM Identity Center.",
        cli="aws iam detach-group-policy --group-name {name} --policy-arn POLICY_ARN   # or: delete-group-policy --policy-name NAME",
        terraform="""
# Remove the aws_iam_group_policy_attachment or aws_iam_group_policy of {name} that allows "*" on "*".
""",
        impact="Whatever still needs the rights fails; compare with the last accessed information of IAM first.",
    ),
    examples=(
        Example("scoped", IAM_GROUP, "healthy", others=(IAM_POLICY,)),
        Example("inline allow of all", ADMIN, "unhealthy", "every action"),
        Example("attached policy", ATTACHED, "unhealthy", "every action", others=(BY_POLICY,)),
        Example("allowed and denied", replace(ADMIN, inline_policies={"all": ALLOW_ALL, "none": DENY_ALL}), "healthy"),
        Example("with MFA only", replace(ADMIN, inline_policies={"all": WITH_MFA}), "unhealthy", "where"),
        Example("broken document", replace(ADMIN, inline_policies={"all": BROKEN_POLICY}), "unknown"),
        Example("policy not read", ATTACHED, "unknown", "was not read"),
        Example("policies unread", replace(ADMIN, unread={"inline_policies": "AccessDenied"}), "unknown"),
    ),
)
