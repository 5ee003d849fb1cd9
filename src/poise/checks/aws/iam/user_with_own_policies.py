"""Users whose rights are their own instead of their groups'.

Policies on single users multiply, differ by accident and outlive the reason for which they were given.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.iam import IamUser
from poise.model.samples.aws_iam import IAM_POLICY, IAM_USER, READ_REPORTS


def evaluate(user: IamUser) -> Verdict:
    if "attached_policies" not in user.unread and user.attached_policies:
        return unhealthy("a managed policy is attached to the user itself", seen=user.attached_policies)
    if user.inline_policies:
        return unhealthy("the user has a policy of its own", seen=sorted(user.inline_policies))
    if user.attached_policies:
        return unhealthy("a managed policy is attached to the user itself", seen=user.attached_policies)
    return healthy("the user has its rights through groups alone")


ATTACHED = replace(IAM_USER, attached_policies=(IAM_POLICY.id,))

CHECK = Check(
    title="Users should have their rights through groups",
    asset=IamUser,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, User groups: attach the policy to a group that {name} is in; then Users, {name}, "
        "Permissions: remove it there.",
        cli="aws iam attach-group-policy --group-name GROUP --policy-arn POLICY_ARN\n"
        "aws iam detach-user-policy --user-name {name} --policy-arn POLICY_ARN",
        terraform="# Replace aws_iam_user_policy_attachment and aws_iam_user_policy of {name} by "
        "aws_iam_group_policy_attachment of its group.",
        impact="Between the two steps in the other order the user would lose the rights.",
    ),
    examples=(
        Example("groups alone", IAM_USER, "healthy"),
        Example("attached policy", ATTACHED, "unhealthy", "attached"),
        Example("inline policy", replace(IAM_USER, inline_policies={"own": READ_REPORTS}), "unhealthy", "of its own"),
        Example("attached, inline unread", replace(ATTACHED, unread={"inline_policies": "malformed"}), "unhealthy"),
        Example("inline unread", replace(IAM_USER, unread={"inline_policies": "malformed"}), "unknown", "malformed"),
        Example("attached unread", replace(IAM_USER, unread={"attached_policies": "cut"}), "unknown", "cut"),
    ),
)
