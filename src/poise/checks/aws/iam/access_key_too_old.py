"""Access keys that were not replaced for long.

A key is copied to laptops, build systems and images, and each copy lives on. The longer it holds, the more people
and leaks have it.
"""

from datetime import datetime

from msgspec import structs

from poise.model import (
    Check,
    Example,
    Fix,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.iam import IamUser
from poise.model.moment import days_after, moment_of
from poise.model.samples.aws_iam import ACCESS_KEY, IAM_USER


def evaluate(user: IamUser, now: datetime, max_age_days: int) -> Verdict:
    active = [key for key in user.access_keys if key.active]
    if not active:
        return not_applicable("the user has no active access key")
    made = [key.last_changed for key in active if key.last_changed is not None]
    old = [time for time in made if now >= days_after(time, max_age_days)]
    if old:
        oldest = min(old, key=lambda time: days_after(time, 0))
        day = moment_of(oldest).date()
        return unhealthy(
            f"an active access key is unchanged since {day}; {max_age_days} days are the most", seen=oldest
        )
    if len(made) < len(active):
        return unknown("the credential report does not tell when a key was made")
    next_change = min(days_after(time, max_age_days) for time in made)
    return healthy(f"each active key is younger than {max_age_days} days", made, next_change)


OLD = structs.replace(ACCESS_KEY, last_changed="2026-08-01T08:00:00+00:00")
UNDATED = structs.replace(ACCESS_KEY, last_changed=None)

CHECK = Check(
    title="Access keys should be replaced regularly",
    asset=IamUser,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Users, {name}, Security credentials: create a second key, move programs to it, "
        "deactivate the old one, then delete it. Better: use a role or IAM Roles Anywhere, which need no key.",
        cli="aws iam create-access-key --user-name {name}\n# Once every program uses the new key:\n"
        "aws iam update-access-key --user-name {name} --access-key-id OLD_KEY_ID --status Inactive\n# Some weeks later:\n"
        "aws iam delete-access-key --user-name {name} --access-key-id OLD_KEY_ID",
        terraform="# terraform apply -replace=ADDRESS of the aws_iam_access_key of {name}, with "
        "lifecycle { create_before_destroy = true }",
        impact="Programs that still sign with the old key fail once it is inactive.",
    ),
    parameters=(Parameter("max_age_days", 90, "Days after which a key must have been replaced.", 1, 3650),),
    examples=(
        Example("young key", IAM_USER, "healthy"),
        Example("old key", replace(IAM_USER, access_keys=(OLD,)), "unhealthy", "2026-08-01"),
        Example(
            "old key, longer term", replace(IAM_USER, access_keys=(OLD,)), "healthy", parameters={"max_age_days": 180}
        ),
        Example(
            "old but inactive", replace(IAM_USER, access_keys=(structs.replace(OLD, active=False),)), "not_applicable"
        ),
        Example("no time told", replace(IAM_USER, access_keys=(UNDATED,)), "unknown", "does not tell"),
        Example("one old, one undated", replace(IAM_USER, access_keys=(OLD, UNDATED)), "unhealthy"),
        Example("keys unread", replace(IAM_USER, unread={"access_keys": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
