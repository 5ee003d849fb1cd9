"""Keys whose policy lets everyone in.

Whoever may use the key decrypts what it protects, wherever he got it from; whoever may manage it can take it away. A
policy with every principal is safe only with a condition that names the own account or organization.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.kms import KmsKey
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_kms import KMS_KEY
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.exposure import Level


def evaluate(key: KmsKey, inventory: Inventory) -> Verdict:
    exposure = policy_exposed(key.policy, key.scope, inventory)
    reasons = "; ".join(reason.text for reason in exposure.because)
    if exposure.is_public:
        return unhealthy(reasons, seen=list(exposure.actions))
    if exposure.level is Level.UNKNOWN:
        return unknown(reasons)
    return healthy("the key policy does not let everyone in")


OPEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:DescribeKey", "Resource": "*"}],
}
OF_CALLERS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:CallerAccount": ACCOUNT}},
        }
    ],
}

OF_ANY_ACCOUNT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringLike": {"kms:CallerAccount": "*"}},
        }
    ],
}
DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}],
}
BROKEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": 7, "Action": "kms:*", "Resource": "*"}],
}


CHECK = Check(
    title="KMS keys should not be open to everyone",
    asset=KmsKey,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
    evaluate=evaluate,
    fix=Fix(
        console='Open the key {name} in the KMS console, tab Key policy, Edit, and replace "*" as principal by the roles that need the key, or add the condition kms:CallerAccount.',
        cli="aws kms get-key-policy --region {region} --key-id {id} --policy-name default --query Policy --output text > policy.json\n"
        "# replace the principal * in policy.json, then:\n"
        "aws kms put-key-policy --region {region} --key-id {id} --policy-name default --policy file://policy.json",
        terraform="""
resource "aws_kms_key_policy" "this" {
  key_id = "{id}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::{scope}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}
""",
        impact="Who used the key by the open statement loses it. A policy that no longer names your own account locks everyone out: keep that statement.",
    ),
    examples=(
        Example("own account", KMS_KEY, "healthy"),
        Example("everyone may describe", replace(KMS_KEY, policy=OPEN), "unhealthy", "anyone"),
        Example("callers of the account", replace(KMS_KEY, policy=OF_CALLERS), "healthy"),
        Example("callers of any account", replace(KMS_KEY, policy=OF_ANY_ACCOUNT), "unhealthy", "anyone"),
        Example("a deny names everyone", replace(KMS_KEY, policy=DENY), "healthy"),
        Example("not understood", replace(KMS_KEY, policy=BROKEN), "unknown"),
        Example("unread", replace(KMS_KEY, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
