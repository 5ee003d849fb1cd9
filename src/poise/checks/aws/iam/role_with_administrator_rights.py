"""Roles that may do everything.

Whoever may take the role, a machine that is broken into included, owns the account. Denies and the permissions
boundary are taken into account. Roles that belong to a service are left out: only the service can change them.
"""

from poise.model import (
    Category,
    Check,
    Example,
    Fix,
    Inventory,
    Severity,
    Verdict,
    not_applicable,
    replace,
)
from poise.model.aws.iam import IamRole
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import ALLOW_ALL, BROKEN_POLICY, DENY_ALL, IAM_POLICY, IAM_ROLE, WITH_MFA
from poise.policy.aws.administration import administrator_verdict
from poise.policy.aws.principal import is_service_linked


def evaluate(role: IamRole, inventory: Inventory) -> Verdict:
    if is_service_linked(role):
        return not_applicable("the role belongs to a service, which alone can change it")
    return administrator_verdict(role, inventory)


ADMIN = replace(IAM_ROLE, inline_policies={"all": ALLOW_ALL}, attached_policies=())
BY_POLICY = replace(IAM_POLICY, id=f"arn:aws:iam::{ACCOUNT}:policy/all", name="all", document=ALLOW_ALL)
ATTACHED = replace(IAM_ROLE, attached_policies=(BY_POLICY.id,))
LINKED = replace(ADMIN, path="/aws-service-role/support.amazonaws.com/")

CHECK = Check(
    title="Roles should not have administrator rights",
    asset=IamRole,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    evaluate=evaluate,
    category=Category.ENTITLEMENT,
    fix=Fix(
        console="IAM console, Roles, {name}, Permissions: remove the policy that is named in the evidence and attach one with the actions that are needed. The tab Last Accessed shows which were used.",
        cli="aws iam detach-role-policy --role-name {name} --policy-arn POLICY_ARN   # or: delete-role-policy --policy-name NAME",
        terraform="""
# Remove the aws_iam_role_policy_attachment or aws_iam_role_policy of {name} that allows "*" on "*".
""",
        impact="Whatever still needs the rights fails; compare with the last accessed information of IAM first.",
    ),
    examples=(
        Example("scoped", IAM_ROLE, "healthy", others=(IAM_POLICY,)),
        Example("inline allow of all", ADMIN, "unhealthy", "every action"),
        Example("attached policy", ATTACHED, "unhealthy", "every action", others=(BY_POLICY,)),
        Example("allowed and denied", replace(ADMIN, inline_policies={"all": ALLOW_ALL, "none": DENY_ALL}), "healthy"),
        Example("with MFA only", replace(ADMIN, inline_policies={"all": WITH_MFA}), "unhealthy", "where"),
        Example("broken document", replace(ADMIN, inline_policies={"all": BROKEN_POLICY}), "unknown"),
        Example("bounded", replace(ADMIN, permissions_boundary=IAM_POLICY.id), "healthy", others=(IAM_POLICY,)),
        Example("bounded by all", replace(ADMIN, permissions_boundary=BY_POLICY.id), "unhealthy", others=(BY_POLICY,)),
        Example("service-linked", LINKED, "not_applicable", "service"),
        Example("policy not read", ATTACHED, "unknown", "was not read"),
        Example("policies unread", replace(ADMIN, unread={"inline_policies": "AccessDenied"}), "unknown"),
    ),
)
