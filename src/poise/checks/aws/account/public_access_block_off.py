"""Accounts where nothing stops a bucket from being made public.

The four flags of S3 at the account hold for every bucket, whatever its own policy and ACL say, also for those that
somebody makes tomorrow.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_ALL, BLOCK_NONE


def evaluate(account: AwsAccount) -> Verdict:
    block = account.public_access_block
    if block is None:
        return unhealthy("the account's public access block was never set")
    off = [flag for flag, on in structs.asdict(block).items() if not on]
    if off:
        return unhealthy(f"of the account's public access block are off: {', '.join(off)}", seen=structs.asdict(block))
    return healthy("the account blocks public access to every bucket")


PARTLY = structs.replace(BLOCK_ALL, restrict_public_buckets=False)

CHECK = Check(
    title="The account should block public access to its buckets",
    asset=AwsAccount,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    evaluate=evaluate,
    fix=Fix(
        console="S3 console, Block Public Access settings for this account, Edit, Block all public access.",
        cli="aws s3control put-public-access-block --account-id {scope} --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        terraform="""
resource "aws_s3_account_public_access_block" "this" {
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}
""",
        impact="Buckets that are public on purpose, such as web sites, stop answering: put CloudFront before them first.",
    ),
    examples=(
        Example("all four on", AWS_ACCOUNT, "healthy"),
        Example("never set", replace(AWS_ACCOUNT, public_access_block=None), "unhealthy", "never set"),
        Example("all off", replace(AWS_ACCOUNT, public_access_block=BLOCK_NONE), "unhealthy", "block_public_acls"),
        Example("one off", replace(AWS_ACCOUNT, public_access_block=PARTLY), "unhealthy", "restrict_public_buckets"),
        Example(
            "unread", replace(AWS_ACCOUNT, unread={"public_access_block": "unreachable"}), "unknown", "unreachable"
        ),
    ),
)
