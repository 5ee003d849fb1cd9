"""Keys whose policy lets other accounts in.

The other account decides itself which of its people may then decrypt your data. Accounts that may be there are named in
the parameter.
"""

from poise.model import (
    Check,
    Example,
    Fix,
    Inventory,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.kms import KmsKey
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_kms import KMS_KEY
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.exposure import Level


def evaluate(key: KmsKey, inventory: Inventory, trusted_accounts: tuple[str, ...]) -> Verdict:
    exposure = policy_exposed(key.policy, key.scope, inventory, frozenset(trusted_accounts))
    if exposure.accounts:
        return unhealthy(f"the key policy lets in {', '.join(exposure.accounts)}", seen=list(exposure.accounts))
    if exposure.is_public:
        return not_applicable("it is open to everyone: another check reports that")
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    return healthy("the key policy names no other account")


SHARED = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{FOREIGN_ACCOUNT}:root"},
            "Action": "kms:Decrypt",
            "Resource": "*",
        }
    ],
}
OPEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}],
}
BROKEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": 7, "Action": "kms:*", "Resource": "*"}],
}


CHECK = Check(
    title="KMS keys should be shared with known accounts only",
    asset=KmsKey,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that may be named in key policies."),),
    fix=Fix(
        console="Open the key {name} in the KMS console, tab Key policy, Other AWS accounts, remove the account; or add it to the check's trusted accounts.",
        cli="aws kms get-key-policy --region {region} --key-id {id} --policy-name default --query Policy --output text > policy.json\n"
        "# take the foreign account out of policy.json, then:\n"
        "aws kms put-key-policy --region {region} --key-id {id} --policy-name default --policy file://policy.json",
        terraform="""
# in the key's policy keep your own and known accounts as principals
resource "aws_kms_key_policy" "this" {
  key_id = "{id}"
  policy = data.aws_iam_policy_document.key.json
}
""",
        impact="The other account can no longer decrypt; ask its owner first.",
    ),
    examples=(
        Example("open to everyone", replace(KMS_KEY, policy=OPEN), "not_applicable", "another check"),
        Example("own account", KMS_KEY, "healthy"),
        Example("another account", replace(KMS_KEY, policy=SHARED), "unhealthy", FOREIGN_ACCOUNT),
        Example(
            "a known account",
            replace(KMS_KEY, policy=SHARED),
            "healthy",
            parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)},
        ),
        Example("not understood", replace(KMS_KEY, policy=BROKEN), "unknown"),
        Example("unread", replace(KMS_KEY, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
