"""S3 buckets without all four public access blocks.

A block makes a mistake in a policy or an access list harmless. The flags of the bucket and of the account add up: an
account that blocks everything protects every bucket in it.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.account import AwsAccount
from poise.model.aws.s3 import PublicAccessBlock, S3Bucket
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_ALL, BLOCK_NONE, S3_BUCKET

FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def evaluate(bucket: S3Bucket, inventory: Inventory) -> Verdict:
    is_read = "public_access_block" not in bucket.unread
    if is_read and not _missing(bucket.public_access_block):
        return healthy("the bucket blocks all public access")
    account = next(iter(inventory.of(AwsAccount, bucket.scope)), None)
    if account is None:
        return unknown("the account's own block was not read")
    left = _missing(account.public_access_block)
    if not left:
        return healthy("the account blocks public access to every bucket")
    missing = [flag for flag in _missing(bucket.public_access_block) if flag in left]
    if not missing:
        return healthy("the account blocks what the bucket does not")
    return unhealthy(f"neither bucket nor account sets {', '.join(missing)}", seen=missing)


def _missing(block: PublicAccessBlock | None) -> list[str]:
    return [flag for flag in FLAGS if block is None or not getattr(block, flag)]


CHECK = Check(
    title="S3 buckets should block all public access",
    asset=S3Bucket,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Permissions, Block public access, Edit, tick Block all public access, Save.",
        cli="aws s3api put-public-access-block --bucket {name} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        terraform="""
resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = "{name}"
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}
""",
        impact="Access that rests on a public policy or access list ends at once.",
    ),
    examples=(
        Example("all on", S3_BUCKET, "healthy", "the bucket blocks"),
        Example(
            "on in the account",
            replace(S3_BUCKET, public_access_block=None),
            "healthy",
            "account",
            others=(AWS_ACCOUNT,),
        ),
        Example(
            "off in both",
            replace(S3_BUCKET, public_access_block=None),
            "unhealthy",
            "ignore_public_acls",
            others=(replace(AWS_ACCOUNT, public_access_block=None),),
        ),
        Example(
            "one flag off",
            replace(S3_BUCKET, public_access_block=structs.replace(BLOCK_ALL, block_public_policy=False)),
            "unhealthy",
            "sets block_public_policy",
            others=(replace(AWS_ACCOUNT, public_access_block=BLOCK_NONE),),
        ),
        Example(
            "unread",
            replace(S3_BUCKET, unread={"public_access_block": "AccessDenied"}),
            "unknown",
            "AccessDenied",
            others=(replace(AWS_ACCOUNT, public_access_block=BLOCK_NONE),),
        ),
        Example(
            "unread, all on in the account",
            replace(S3_BUCKET, unread={"public_access_block": "AccessDenied"}),
            "healthy",
            "every bucket",
            others=(AWS_ACCOUNT,),
        ),
        Example("account unread", replace(S3_BUCKET, public_access_block=None), "unknown", "not read"),
    ),
)
