"""Root users whose second factor is an app.

The secret of an app can be copied from a phone or its backup. A security key cannot be copied, and does not give its
answer to a false sign-in page.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.samples.aws import AWS_ACCOUNT


def evaluate(account: AwsAccount) -> Verdict:
    if not account.root_has_mfa:
        return not_applicable("the root user has no MFA device: another check reports that")
    if account.root_has_virtual_mfa:
        return unhealthy("an MFA device of the root user is a virtual one")
    return healthy("no MFA device of the root user is a virtual one")


VIRTUAL = replace(AWS_ACCOUNT, root_has_virtual_mfa=True)

CHECK = Check(
    title="The root user should have a hardware security key",
    asset=AwsAccount,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-fido-mfa-for-root.html",
    evaluate=evaluate,
    fix=Fix(
        console="Sign in as the root user of {scope}, Security credentials, Assign MFA device, Passkey or security key; "
        "then remove the authenticator app.",
        cli="# The root user's devices are changed in its own console. This shows which virtual ones there are:\n"
        "aws iam list-virtual-mfa-devices --assignment-status Assigned",
        terraform="# The root user's devices cannot be set here: use the console.",
        impact="Keep two keys in two places.",
    ),
    examples=(
        Example("hardware key", AWS_ACCOUNT, "healthy"),
        Example("app", VIRTUAL, "unhealthy", "virtual"),
        Example("no device", replace(VIRTUAL, root_has_mfa=False), "not_applicable"),
        Example("unread", replace(AWS_ACCOUNT, unread={"root_has_virtual_mfa": "denied"}), "unknown", "denied"),
    ),
)
