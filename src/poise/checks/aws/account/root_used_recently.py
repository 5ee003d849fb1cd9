"""Root users that are used for daily work.

Few tasks need the root user. Each sign-in shows its password to one more machine, and nobody can tell who acted.
"""

from datetime import datetime, timedelta

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.moment import moment_of
from poise.model.samples.aws import AWS_ACCOUNT


def evaluate(account: AwsAccount, now: datetime, quiet_days: int) -> Verdict:
    term = timedelta(days=quiet_days)
    for field, what in (("root_last_used", "signed in"), ("root_key_last_used", "used an access key")):
        used = None if field in account.unread else getattr(account, field)
        if used is not None and now < moment_of(used) + term:
            return unhealthy(f"the root user {what} on {moment_of(used).date()}", used, moment_of(used) + term)
    known = [time for time in (account.root_last_used, account.root_key_last_used) if time is not None]
    if not known:
        return healthy("no use of the root user is known")
    return healthy(f"the root user was not used within {quiet_days} days", seen=known)


SIGNED_IN = replace(AWS_ACCOUNT, root_last_used="2026-11-20T12:00:00+00:00")
BY_KEY = replace(AWS_ACCOUNT, root_key_last_used="2026-11-22T12:00:00+00:00")
LONG_AGO = replace(AWS_ACCOUNT, root_last_used="2024-11-20T12:00:00+00:00")

CHECK = Check(
    title="The root user should not be used for daily work",
    asset=AwsAccount,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-tasks.html",
    evaluate=evaluate,
    fix=Fix(
        console="Give administrators a role in IAM Identity Center, lock the root user's password and devices away, and "
        "alarm on its sign-ins (CloudTrail, userIdentity.type = Root).",
        cli="aws cloudtrail lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=root   # what was done",
        terraform="# Create the roles and the alarm that make the root user unnecessary: aws_ssoadmin_permission_set, "
        "aws_cloudwatch_event_rule.",
    ),
    parameters=(Parameter("quiet_days", 30, "Days during which the root user should not have been used.", 1, 3650),),
    examples=(
        Example("never used", AWS_ACCOUNT, "healthy", "no use"),
        Example("used long ago", LONG_AGO, "healthy", "within 30 days"),
        Example("signed in", SIGNED_IN, "unhealthy", "signed in on 2026-11-20"),
        Example("signed in, shorter term", SIGNED_IN, "healthy", parameters={"quiet_days": 3}),
        Example("used a key", BY_KEY, "unhealthy", "access key on 2026-11-22"),
        Example("key used, sign-in unread", replace(BY_KEY, unread={"root_last_used": "denied"}), "unhealthy"),
        Example("sign-in unread", replace(AWS_ACCOUNT, unread={"root_last_used": "denied"}), "unknown", "denied"),
        Example("key use unread", replace(AWS_ACCOUNT, unread={"root_key_last_used": "denied"}), "unknown", "denied"),
        Example(
            "key use unread, signed in long ago", replace(LONG_AGO, unread={"root_key_last_used": "denied"}), "unknown"
        ),
    ),
)
