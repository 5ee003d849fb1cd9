"""Access keys that nobody uses.

A key without a user is missed by nobody when it is stolen, and nobody notices its use.
"""

from datetime import datetime, timedelta

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
from poise.model.aws.iam import AccessKey, IamUser
from poise.model.moment import moment_of
from poise.model.samples.aws_iam import ACCESS_KEY, IAM_USER


def evaluate(user: IamUser, now: datetime, max_unused_days: int) -> Verdict:
    active = [key for key in user.access_keys if key.active]
    if not active:
        return not_applicable("the user has no active access key")
    known = {key.number: since for key in active if (since := _unused_since(key)) is not None}
    term = timedelta(days=max_unused_days)
    for number, since in known.items():
        if now >= since + term:
            return unhealthy(f"key {number} is active and unused since {since.date()}", seen=since.isoformat())
    if len(known) < len(active):
        return unknown("the credential report tells neither when a key was made nor when it was used")
    first = min(known.values())
    return healthy(f"each active key was used or made within {max_unused_days} days", first.isoformat(), first + term)


def _unused_since(key: AccessKey) -> datetime | None:
    """A key that was just made could not be used before."""
    times = [moment_of(text) for text in (key.last_used, key.last_changed) if text is not None]
    return max(times, default=None)


IDLE = structs.replace(ACCESS_KEY, last_used="2026-09-01T00:00:00+00:00", last_changed="2026-08-01T00:00:00+00:00")
NEVER = structs.replace(IDLE, last_used=None)
FRESH = structs.replace(ACCESS_KEY, last_used=None)
UNDATED = structs.replace(ACCESS_KEY, last_used=None, last_changed=None)


def _with(*keys: AccessKey) -> IamUser:
    return replace(IAM_USER, access_keys=keys)


CHECK = Check(
    title="Access keys that nobody uses should be removed",
    asset=IamUser,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Users, {name}, Security credentials, Access keys: deactivate the unused key, then delete it.",
        cli="aws iam update-access-key --user-name {name} --access-key-id KEY_ID --status Inactive\n# Some weeks later, if nobody missed it:\n"
        "aws iam delete-access-key --user-name {name} --access-key-id KEY_ID",
        terraform="# Remove the aws_iam_access_key of {name} that is not used.",
        impact="A program that runs seldom may still need it: keep it inactive for a while before deleting.",
    ),
    parameters=(Parameter("max_unused_days", 45, "Days without use after which a key counts as unused.", 1, 3650),),
    examples=(
        Example("used yesterday", IAM_USER, "healthy"),
        Example("idle", _with(IDLE), "unhealthy", "2026-09-01"),
        Example("idle, longer term", _with(IDLE), "healthy", parameters={"max_unused_days": 90}),
        Example("never used", _with(NEVER), "unhealthy", "2026-08-01"),
        Example("just made", _with(FRESH), "healthy"),
        Example("idle but inactive", _with(structs.replace(IDLE, active=False)), "not_applicable"),
        Example("no times told", _with(UNDATED), "unknown", "neither"),
        Example("keys unread", replace(IAM_USER, unread={"access_keys": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
