"""Trails whose bucket is open to everyone.

The record holds names, addresses, roles and the order of every defence. Whoever can write there can also plant lines.
"""

from poise.model import (
    Check,
    Example,
    Fix,
    Inventory,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.cloudtrail import Trail
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import AWS_ACCOUNT, S3_BUCKET
from poise.model.samples.aws_cloudtrail import TRAIL
from poise.policy.aws.exposed import bucket_exposed
from poise.policy.aws.exposure import Level


def evaluate(trail: Trail, inventory: Inventory) -> Verdict:
    bucket = _bucket_of(trail, inventory)
    if bucket is None:
        return not_applicable("the bucket is in another account", seen=trail.bucket)
    exposure = bucket_exposed(bucket, inventory)
    reasons = "; ".join(dict.fromkeys(reason.text for reason in exposure.because))
    if exposure.level is Level.UNKNOWN:
        return unknown(reasons)
    return unhealthy(reasons, seen=trail.bucket) if exposure.is_public else healthy(reasons)


def _bucket_of(trail: Trail, inventory: Inventory) -> S3Bucket | None:
    return inventory.find(S3Bucket, trail.scope, f"arn:{trail.id.split(':')[1]}:s3:::{trail.bucket}")


LOGS = replace(S3_BUCKET, id="arn:aws:s3:::audit-logs", name="audit-logs")
OPEN_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::audit-logs/*"}
    ],
}
OPEN_LOGS = replace(LOGS, policy=OPEN_POLICY, public_access_block=None)
OPEN_ACCOUNT = replace(AWS_ACCOUNT, public_access_block=None)


CHECK = Check(
    title="CloudTrail trails should write to a private bucket",
    asset=Trail,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    evaluate=evaluate,
    fix=Fix(
        console="Find the bucket of the trail {name} in the CloudTrail console, open it in the S3 console, tab Permissions, Block public access, Edit, tick Block all public access, Save.",
        cli="aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        terraform="""
resource "aws_s3_bucket_public_access_block" "trail" {
  bucket                  = "BUCKET"
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}
""",
        impact="None: CloudTrail writes as a service, which the block does not touch.",
    ),
    examples=(
        Example("private", TRAIL, "healthy", others=(LOGS, OPEN_ACCOUNT)),
        Example("open", TRAIL, "unhealthy", "anyone", others=(OPEN_LOGS, OPEN_ACCOUNT)),
        Example("blocked by the account", TRAIL, "healthy", "account", others=(OPEN_LOGS, AWS_ACCOUNT)),
        Example("in another account", TRAIL, "not_applicable", "another account"),
        Example("account unread", TRAIL, "unknown", "not read", others=(OPEN_LOGS,)),
        Example("buckets unlisted", TRAIL, "unknown", "AccessDenied", unlisted={"AWS::S3::Bucket": "AccessDenied"}),
    ),
)
