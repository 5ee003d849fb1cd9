"""Customer managed policies that nobody uses.

A policy that was forgotten is attached one day because its name fits, with rights that nobody looked at for years.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.iam import IamPolicy
from poise.model.samples.aws_iam import AWS_POLICY, IAM_POLICY


def evaluate(policy: IamPolicy) -> Verdict:
    if policy.owner == "aws":
        return not_applicable("AWS's own policies cannot be deleted")
    if policy.attachments > 0:
        return healthy("it is attached", seen=policy.attachments)
    if policy.boundary_uses > 0:
        return healthy("it bounds a user or role", seen=policy.boundary_uses)
    return unhealthy("it is attached to nobody and bounds nobody")


UNUSED = replace(IAM_POLICY, attachments=0)

CHECK = Check(
    title="Customer managed policies should be in use",
    asset=IamPolicy,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-delete.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Policies, {name}, Delete.",
        cli="aws iam delete-policy --policy-arn {id}   # its other versions first: delete-policy-version",
        terraform="# Remove the aws_iam_policy {name}.",
        impact="Keep the document: a deleted policy does not come back.",
    ),
    examples=(
        Example("attached", IAM_POLICY, "healthy"),
        Example("bounds a role", replace(UNUSED, boundary_uses=1), "healthy"),
        Example("neither", UNUSED, "unhealthy", "nobody"),
        Example("AWS's own", AWS_POLICY, "not_applicable"),
        Example("attachments unread", replace(UNUSED, unread={"attachments": "cut"}), "unknown", "cut"),
        Example("not attached, bounds unread", replace(UNUSED, unread={"boundary_uses": "cut"}), "unknown", "cut"),
        Example("attached, bounds unread", replace(IAM_POLICY, unread={"boundary_uses": "cut"}), "healthy"),
    ),
)
