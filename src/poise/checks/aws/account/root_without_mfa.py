"""Root users that sign in with nothing but a password.

The root user can do everything, no policy binds it, and its password can be reset by whoever reads its mail.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.samples.aws import AWS_ACCOUNT


def evaluate(account: AwsAccount) -> Verdict:
    if account.root_has_mfa:
        return healthy("the root user has an MFA device")
    if not account.root_has_password:
        return not_applicable("the root user has no password: its organization took its credentials away")
    return unhealthy("the root user has a password and no MFA device", seen={"AccountMFAEnabled": 0})


WITHOUT = replace(AWS_ACCOUNT, root_has_mfa=False)

CHECK = Check(
    title="The root user should have multi-factor authentication",
    asset=AwsAccount,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html",
    evaluate=evaluate,
    fix=Fix(
        console="Sign in as the root user of {scope}, Security credentials, Assign MFA device; take two security keys. "
        "For member accounts rather take the root credentials away: IAM, Root access management.",
        cli="aws iam enable-organizations-root-credentials-management   # management account: then delete them",
        terraform="""
resource "aws_iam_organizations_features" "this" {
  enabled_features = ["RootCredentialsManagement", "RootSessions"]
}
""",
        impact="Keep a second device in a safe: losing the only one means a long recovery by AWS support.",
    ),
    examples=(
        Example("MFA device", AWS_ACCOUNT, "healthy"),
        Example("password only", WITHOUT, "unhealthy", "no MFA"),
        Example("no credentials at all", replace(WITHOUT, root_has_password=False), "not_applicable"),
        Example("MFA unread", replace(AWS_ACCOUNT, unread={"root_has_mfa": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("password unread", replace(WITHOUT, unread={"root_has_password": "not told"}), "unknown", "not told"),
    ),
)
