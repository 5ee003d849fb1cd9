"""Users with two active access keys.

The second key exists so that one can be replaced without a gap. Left active it doubles what can leak, and one of
the two is often forgotten.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.iam import IamUser
from poise.model.samples.aws_iam import ACCESS_KEY, IAM_USER


def evaluate(user: IamUser) -> Verdict:
    active = [key.number for key in user.access_keys if key.active]
    if len(active) > 1:
        return unhealthy(f"{len(active)} access keys are active", seen=active)
    return healthy("at most one access key is active", seen=active)


SECOND = structs.replace(ACCESS_KEY, number=2)
OFF = structs.replace(SECOND, active=False)

CHECK = Check(
    title="Users should have one active access key at most",
    asset=IamUser,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Users, {name}, Security credentials, Access keys: deactivate the key that was used "
        "longest ago, wait for complaints, then delete it.",
        cli="aws iam list-access-keys --user-name {name}\n"
        "aws iam update-access-key --user-name {name} --access-key-id KEY_ID --status Inactive",
        terraform='# Remove one aws_iam_access_key of {name}, or set its status = "Inactive" first.',
        impact="Programs that sign with that key fail; set it Active again to go back.",
    ),
    examples=(
        Example("one key", IAM_USER, "healthy"),
        Example("no key", replace(IAM_USER, access_keys=()), "healthy"),
        Example("two active", replace(IAM_USER, access_keys=(ACCESS_KEY, SECOND)), "unhealthy", "2 access keys"),
        Example("second is inactive", replace(IAM_USER, access_keys=(ACCESS_KEY, OFF)), "healthy"),
        Example("keys unread", replace(IAM_USER, unread={"access_keys": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
