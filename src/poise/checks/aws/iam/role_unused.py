"""Roles that nobody uses.

A role without a user keeps its rights and its trust; its use by somebody else is noticed by nobody. IAM tells the last
use within 400 days.
"""

from datetime import datetime, timedelta

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.iam import IamRole
from poise.model.moment import moment_of
from poise.model.samples.aws_iam import IAM_ROLE
from poise.policy.aws.principal import is_service_linked


def evaluate(role: IamRole, now: datetime, max_unused_days: int) -> Verdict:
    if is_service_linked(role):
        return not_applicable("the role belongs to a service")
    if role.path.startswith("/aws-reserved/"):
        return not_applicable("the role belongs to IAM Identity Center, which makes and deletes it")
    since = max(moment_of(text) for text in (role.last_used, role.created) if text is not None)
    end = since + timedelta(days=max_unused_days)
    if now < end:
        return healthy(f"it was used or made within {max_unused_days} days", since.isoformat(), end)
    if role.last_used is None:
        return unhealthy(f"no use of it is known; it was made on {since.date()}", seen=since.isoformat())
    return unhealthy(f"it is unused since {since.date()}", seen=since.isoformat())


IDLE = replace(IAM_ROLE, last_used="2026-08-01T12:00:00+00:00")
NEVER = replace(IAM_ROLE, last_used=None)

CHECK = Check(
    title="Roles that nobody uses should be removed",
    asset=IamRole,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html#roles-delete_prerequisites",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, {name}: look at Last Accessed, then Delete.",
        cli="""
aws iam get-role --role-name {name} --query Role.RoleLastUsed
# Once its owner agrees:
aws iam delete-role --role-name {name}
""",
        terraform="# Remove the aws_iam_role {name} with its policies and instance profiles.",
        impact="A task that runs once a year may still need it: take its policies away first and wait.",
    ),
    parameters=(Parameter("max_unused_days", 90, "Days without use after which a role counts as unused.", 1, 400),),
    examples=(
        Example("used today", IAM_ROLE, "healthy"),
        Example("idle", IDLE, "unhealthy", "since 2026-08-01"),
        Example("idle, longer term", IDLE, "healthy", parameters={"max_unused_days": 180}),
        Example("never used", NEVER, "unhealthy", "made on 2024-03-01"),
        Example("never used, new", replace(NEVER, created="2026-11-20T00:00:00+00:00"), "healthy"),
        Example("service-linked", replace(NEVER, path="/aws-service-role/x/"), "not_applicable"),
        Example(
            "Identity Center", replace(NEVER, path="/aws-reserved/sso.amazonaws.com/"), "not_applicable", "Identity"
        ),
        Example("unread", replace(IAM_ROLE, unread={"last_used": "not in this export"}), "unknown", "export"),
    ),
)
