"""Access keys that were made together with a console user and never used.

The old form for new users offered a key beside the password, so people took one that they did not need. It lies in
a downloaded file ever since.
"""

from datetime import datetime, timedelta

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.aws.iam import IamUser
from poise.model.moment import moment_of
from poise.model.samples.aws_iam import ACCESS_KEY, IAM_USER

ONE_ACT = timedelta(minutes=1)


def evaluate(user: IamUser) -> Verdict:
    unused = [key for key in user.access_keys if key.active and key.last_used is None]
    if not unused:
        return healthy("no active access key is without use since it was made")
    if not user.has_password:
        return not_applicable("the user has no console password: its key is what it was made for")
    created = moment_of(user.created)
    made = {key.number: moment_of(key.last_changed) for key in unused if key.last_changed is not None}
    together = [number for number, moment in made.items() if _is_near(moment, created)]
    if together:
        return unhealthy(f"key {together[0]} was made together with the user and never used", seen=user.created)
    if len(made) < len(unused):
        return unknown("the credential report does not tell when a key was made")
    return healthy("the unused key was made later, on purpose")


def _is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= ONE_ACT


INITIAL = structs.replace(ACCESS_KEY, last_changed="2024-03-01T09:00:01+00:00", last_used=None)
GIVEN = replace(IAM_USER, access_keys=(INITIAL,))

CHECK = Check(
    title="Access keys should not be made together with console users",
    asset=IamUser,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Users, {name}, Security credentials, Access keys: delete the key that was never used.",
        cli="aws iam list-access-keys --user-name {name}\n# Once nothing uses it:\n"
        "aws iam delete-access-key --user-name {name} --access-key-id KEY_ID",
        terraform="# Remove the aws_iam_access_key of {name}.",
    ),
    examples=(
        Example("key in use", IAM_USER, "healthy"),
        Example("key from the first minute, never used", GIVEN, "unhealthy", "together"),
        Example(
            "used since",
            replace(IAM_USER, access_keys=(structs.replace(INITIAL, last_used="2025-01-01T00:00:00Z"),)),
            "healthy",
        ),
        Example("inactive", replace(IAM_USER, access_keys=(structs.replace(INITIAL, active=False),)), "healthy"),
        Example(
            "made later",
            replace(IAM_USER, access_keys=(structs.replace(ACCESS_KEY, last_used=None),)),
            "healthy",
            "later",
        ),
        Example(
            "time of making not told",
            replace(IAM_USER, access_keys=(structs.replace(INITIAL, last_changed=None),)),
            "unknown",
            "does not tell",
        ),
        Example("no password", replace(GIVEN, has_password=False), "not_applicable"),
        Example("keys unread", replace(IAM_USER, unread={"access_keys": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("key in use, password unread", replace(IAM_USER, unread={"has_password": "AccessDenied"}), "healthy"),
        Example("password unread", replace(GIVEN, unread={"has_password": "AccessDenied"}), "unknown"),
    ),
)
