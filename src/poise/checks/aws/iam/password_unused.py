"""Console passwords that nobody uses.

A password without a user is missed by nobody when it is guessed, and nobody notices its use.
"""

from datetime import datetime, timedelta

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.iam import IamUser
from poise.model.moment import moment_of
from poise.model.samples.aws_iam import IAM_USER


def evaluate(user: IamUser, now: datetime, max_unused_days: int) -> Verdict:
    if not user.has_password:
        return not_applicable("the user has no console password")
    # A password that was never used counts from the day it was set, or else from the day of its user.
    set_at = user.password_last_changed or user.created
    since = max(moment_of(text) for text in (user.password_last_used, set_at) if text is not None)
    end = since + timedelta(days=max_unused_days)
    if now < end:
        return healthy(f"the password was used or set within {max_unused_days} days", since.isoformat(), end)
    return unhealthy(f"the password is unused since {since.date()}", seen=since.isoformat())


IDLE = replace(IAM_USER, password_last_used="2026-09-20T00:00:00+00:00")
NEVER = replace(IAM_USER, password_last_used=None)

CHECK = Check(
    title="Console passwords that nobody uses should be removed",
    asset=IamUser,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Users, {name}, Security credentials, Manage console access, Disable.",
        cli="aws iam delete-login-profile --user-name {name}",
        terraform="# Remove the aws_iam_user_login_profile of {name}.",
        impact="The user cannot sign in to the console until a new password is set; access keys go on working.",
    ),
    parameters=(Parameter("max_unused_days", 45, "Days without a sign-in after which it counts as unused.", 1, 3650),),
    examples=(
        Example("used this week", IAM_USER, "healthy"),
        Example("idle", IDLE, "unhealthy", "2026-09-20"),
        Example("idle, longer term", IDLE, "healthy", parameters={"max_unused_days": 90}),
        Example("never used", NEVER, "unhealthy", "2026-09-01"),
        Example(
            "never used, time of setting not told",
            replace(NEVER, password_last_changed=None),
            "unhealthy",
            "2024-03-01",
        ),
        Example("reset lately", replace(IDLE, password_last_changed="2026-11-20T00:00:00+00:00"), "healthy"),
        Example("no password", replace(IDLE, has_password=False), "not_applicable"),
        Example("report unread", replace(IAM_USER, unread={"has_password": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("last use unread", replace(IAM_USER, unread={"password_last_used": "cut"}), "unknown", "cut"),
    ),
)
