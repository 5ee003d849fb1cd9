"""Password policies that let users go back to earlier passwords.

A password that leaked once is good again as soon as its user returns to it.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.aws_iam import PASSWORD_POLICY


def evaluate(account: AwsAccount, remembered: int) -> Verdict:
    policy = account.password_policy
    if policy is None:
        return unhealthy("there is no password policy: earlier passwords may come again")
    if policy.reuse_prevention is None:
        return unhealthy("earlier passwords may come again")
    if policy.reuse_prevention < remembered:
        return unhealthy(
            f"only the last {policy.reuse_prevention} passwords may not come again", policy.reuse_prevention
        )
    return healthy(f"the last {policy.reuse_prevention} passwords may not come again")


def _remembering(number: int | None) -> AwsAccount:
    return replace(AWS_ACCOUNT, password_policy=structs.replace(PASSWORD_POLICY, reuse_prevention=number))


CHECK = Check(
    title="The password policy should refuse earlier passwords",
    asset=AwsAccount,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Account settings, Password policy, Edit, Custom: Prevent password reuse, 24 passwords.",
        cli="aws iam get-account-password-policy\n"
        "aws iam update-account-password-policy ALL_PRESENT_SETTINGS --password-reuse-prevention 24",
        terraform="""
resource "aws_iam_account_password_policy" "this" {
  password_reuse_prevention = 24
  # and the other settings: one that is left out goes back to its default
}
""",
        impact="Settings that are left out of the call go back to their defaults: repeat them.",
    ),
    parameters=(Parameter("remembered", 24, "How many earlier passwords the policy must refuse.", 1, 24),),
    examples=(
        Example("24 refused", AWS_ACCOUNT, "healthy"),
        Example("no policy", replace(AWS_ACCOUNT, password_policy=None), "unhealthy", "no password policy"),
        Example("none refused", _remembering(None), "unhealthy", "earlier passwords may come"),
        Example("five refused", _remembering(5), "unhealthy", "the last 5"),
        Example("five refused, enough here", _remembering(5), "healthy", parameters={"remembered": 5}),
        Example("unread", replace(AWS_ACCOUNT, unread={"password_policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
