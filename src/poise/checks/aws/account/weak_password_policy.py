"""Password policies that let users choose passwords which can be guessed.

Short passwords of few kinds of characters fall to guessing within hours once their hash or a sign-in form without
limit is at hand.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount, PasswordPolicy
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.aws_iam import PASSWORD_POLICY


def evaluate(account: AwsAccount, minimum_length: int, character_kinds: int) -> Verdict:
    policy = account.password_policy
    if policy is None:
        return unhealthy("there is no password policy: AWS's default asks for 8 characters")
    if policy.minimum_length < minimum_length:
        return unhealthy(
            f"passwords may be {policy.minimum_length} characters short, {minimum_length} are wanted",
            seen=structs.asdict(policy),
        )
    demanded = _kinds(policy)
    if len(demanded) < character_kinds:
        named = ", ".join(demanded) or "none"
        return unhealthy(
            f"{character_kinds} kinds of characters are wanted, demanded are: {named}", seen=structs.asdict(policy)
        )
    return healthy(f"passwords have at least {policy.minimum_length} characters")


def _kinds(policy: PasswordPolicy) -> list[str]:
    kinds = {
        "symbols": policy.require_symbols,
        "numbers": policy.require_numbers,
        "upper case": policy.require_uppercase,
        "lower case": policy.require_lowercase,
    }
    return [name for name, demanded in kinds.items() if demanded]


def _policy(length: int, symbols: bool = True) -> AwsAccount:
    made = structs.replace(PASSWORD_POLICY, minimum_length=length, require_symbols=symbols)
    return replace(AWS_ACCOUNT, password_policy=made)


CHECK = Check(
    title="The password policy should ask for long passwords of several kinds of characters",
    asset=AwsAccount,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Account settings, Password policy, Edit, Custom: minimum length 14, all four kinds.",
        cli="aws iam update-account-password-policy --minimum-password-length 14 --require-symbols --require-numbers "
        "--require-uppercase-characters --require-lowercase-characters --password-reuse-prevention 24 "
        "--allow-users-to-change-password",
        terraform="""
resource "aws_iam_account_password_policy" "this" {
  minimum_password_length      = 14
  require_symbols              = true
  require_numbers              = true
  require_uppercase_characters = true
  require_lowercase_characters = true
  password_reuse_prevention    = 24
}
""",
        impact="It binds the next password that each user sets. Settings that are left out go back to their defaults.",
    ),
    parameters=(
        Parameter("minimum_length", 14, "Least number of characters that the policy must ask for.", 6, 128),
        Parameter("character_kinds", 4, "How many of the four kinds of characters it must demand.", 0, 4),
    ),
    examples=(
        Example("long and mixed", AWS_ACCOUNT, "healthy"),
        Example("no policy", replace(AWS_ACCOUNT, password_policy=None), "unhealthy", "no password policy"),
        Example("short", _policy(8), "unhealthy", "8 characters"),
        Example("short, but enough here", _policy(8), "healthy", parameters={"minimum_length": 8}),
        Example("no symbols", _policy(14, symbols=False), "unhealthy", "numbers, upper case, lower case"),
        Example("no symbols, wanted", _policy(14, symbols=False), "healthy", parameters={"character_kinds": 0}),
        Example("unread", replace(AWS_ACCOUNT, unread={"password_policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
