"""S3 buckets whose policy lets other accounts in.

An account outside of the company that was trusted once, or by mistake, keeps its access until somebody looks. Accounts
that may be there are named in the parameter; those by which AWS delivers the logs of load balancers may always be.
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
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.service_accounts import LOAD_BALANCER_LOGS
from poise.model.samples.aws import FOREIGN_ACCOUNT, S3_BUCKET
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.exposure import Level


def evaluate(bucket: S3Bucket, inventory: Inventory, trusted_accounts: tuple[str, ...]) -> Verdict:
    trusted = LOAD_BALANCER_LOGS.union(trusted_accounts)
    exposure = policy_exposed(bucket.policy, bucket.scope, inventory, trusted)
    if exposure.accounts:
        return unhealthy(f"the bucket policy lets in {', '.join(exposure.accounts)}", seen=list(exposure.accounts))
    if exposure.is_public:
        return not_applicable("it is open to everyone: another check reports that")
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    return healthy("the bucket policy names no other account")


def _policy(account: str) -> dict[str, object]:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


SHARED = _policy(FOREIGN_ACCOUNT)
OPEN = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
    ],
}
BROKEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": 7, "Action": "s3:GetObject", "Resource": "*"}],
}


CHECK = Check(
    title="S3 buckets should be shared with known accounts only",
    asset=S3Bucket,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that bucket policies may let in."),),
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Permissions, Bucket policy, and remove the statements that name the account; or add the account to the check's trusted accounts.",
        cli="aws s3api get-bucket-policy --bucket {name} --query Policy --output text > policy.json\n"
        "# take the foreign account out of policy.json, then:\n"
        "aws s3api put-bucket-policy --bucket {name} --policy file://policy.json",
        terraform="""
# in the bucket's policy document keep your own and known accounts as principals
data "aws_iam_policy_document" "this" {
  statement {
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::{scope}:root"]
    }
    actions   = ["s3:GetObject"]
    resources = ["{id}/*"]
  }
}
""",
        impact="The other account loses access at once; ask its owner first.",
    ),
    examples=(
        Example("open to everyone", replace(S3_BUCKET, policy=OPEN), "not_applicable", "another check"),
        Example("own account only", S3_BUCKET, "healthy"),
        Example("no policy", replace(S3_BUCKET, policy=None), "healthy"),
        Example("another account", replace(S3_BUCKET, policy=SHARED), "unhealthy", FOREIGN_ACCOUNT),
        Example(
            "a known account",
            replace(S3_BUCKET, policy=SHARED),
            "healthy",
            parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)},
        ),
        Example("logs of load balancers", replace(S3_BUCKET, policy=_policy("127311923021")), "healthy"),
        Example("policy not understood", replace(S3_BUCKET, policy=BROKEN), "unknown"),
        Example("unread", replace(S3_BUCKET, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
