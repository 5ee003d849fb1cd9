"""Users who may do everything.

A user keeps its password and keys for years. Whoever gets hold of one of an administrator owns the account. Denies
and the permissions boundary are taken into account, rights through groups as well.
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
from poise.model.aws.iam import IamUser
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import ALLOW_ALL, BROKEN_POLICY, DENY_ALL, IAM_GROUP, IAM_POLICY, IAM_USER, WITH_MFA
from poise.policy.aws.administration import administrator_verdict


def evaluate(user: IamUser, inventory: Inventory) -> Verdict:
    return administrator_verdict(user, inventory)


ADMIN = replace(IAM_USER, inline_policies={"all": ALLOW_ALL}, attached_policies=())
BY_POLICY = replace(IAM_POLICY, id=f"arn:aws:iam::{ACCOUNT}:policy/all", name="all", document=ALLOW_ALL)
ATTACHED = replace(IAM_USER, attached_policies=(BY_POLICY.id,))
BY_GROUP = replace(IAM_GROUP, inline_policies={"all": ALLOW_ALL})

CHECK = Check(
    title="Users should not have administrator rights",
    asset=IamUser,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    evaluate=evaluate,
    category=Category.ENTITLEMENT,
    fix=Fix(
        console="IAM console, Users, {name}, Permissions: remove the policy that is named in the evidence and attach one with the actions that are needed. For administration use a role of IAM Identity Center.",
        cli="aws iam detach-user-policy --user-name {name} --policy-arn POLICY_ARN   # or: delete-user-policy --policy-name NAME",
        terraform="""
# Remove the aws_iam_user_policy_attachment or aws_iam_user_policy of {name} that allows "*" on "*".
""",
        impact="Whatever still needs the rights fails; compare with the last accessed information of IAM first.",
    ),
    examples=(
        Example("scoped", IAM_USER, "healthy", others=(IAM_GROUP, IAM_POLICY)),
        Example("inline allow of all", ADMIN, "unhealthy", "every action", others=(IAM_GROUP, IAM_POLICY)),
        Example(
            "attached policy",
            ATTACHED,
            "unhealthy",
            "every action",
            others=(
                IAM_GROUP,
                IAM_POLICY,
                BY_POLICY,
            ),
        ),
        Example(
            "allowed and denied",
            replace(ADMIN, inline_policies={"all": ALLOW_ALL, "none": DENY_ALL}),
            "healthy",
            others=(IAM_GROUP, IAM_POLICY),
        ),
        Example(
            "with MFA only",
            replace(ADMIN, inline_policies={"all": WITH_MFA}),
            "unhealthy",
            "where",
            others=(IAM_GROUP, IAM_POLICY),
        ),
        Example(
            "broken document",
            replace(ADMIN, inline_policies={"all": BROKEN_POLICY}),
            "unknown",
            others=(IAM_GROUP, IAM_POLICY),
        ),
        Example(
            "bounded",
            replace(ADMIN, permissions_boundary=IAM_POLICY.id),
            "healthy",
            others=(
                IAM_GROUP,
                IAM_POLICY,
            ),
        ),
        Example(
            "bounded by all",
            replace(ADMIN, permissions_boundary=BY_POLICY.id),
            "unhealthy",
            others=(
                IAM_GROUP,
                IAM_POLICY,
                BY_POLICY,
            ),
        ),
        Example("through a group", IAM_USER, "unhealthy", "every action", others=(BY_GROUP, IAM_POLICY)),
        Example("group not read", IAM_USER, "unknown", "denied", unlisted={IAM_GROUP.KIND: "denied"}),
        Example("policy not read", ATTACHED, "unknown", "was not read", others=(IAM_GROUP, IAM_POLICY)),
        Example(
            "policies unread",
            replace(ADMIN, unread={"inline_policies": "AccessDenied"}),
            "unknown",
            others=(IAM_GROUP, IAM_POLICY),
        ),
    ),
)
