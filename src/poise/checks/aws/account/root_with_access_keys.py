"""Root users with access keys.

A key of the root user does everything that the account can do, from anywhere, without a second factor, and no policy
can narrow it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.samples.aws import AWS_ACCOUNT


def evaluate(account: AwsAccount) -> Verdict:
    if account.root_access_keys == 0:
        return healthy("the root user has no access key")
    return unhealthy("the root user has an access key", seen={"AccountAccessKeysPresent": account.root_access_keys})


CHECK = Check(
    title="The root user should have no access keys",
    asset=AwsAccount,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
    evaluate=evaluate,
    fix=Fix(
        console="Sign in as the root user of {scope}, Security credentials, Access keys: deactivate, then delete. "
        "Give programs a role instead.",
        cli="""
# As the root user, once nothing uses the key:
aws iam list-access-keys
aws iam delete-access-key --access-key-id KEY_ID
""",
        terraform="# Keys of the root user cannot be set here: delete them in the console.",
        impact="Programs that sign with the key fail: read its last use first.",
    ),
    examples=(
        Example("no key", AWS_ACCOUNT, "healthy"),
        Example("a key", replace(AWS_ACCOUNT, root_access_keys=1), "unhealthy", "access key"),
        Example("unread", replace(AWS_ACCOUNT, unread={"root_access_keys": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
