"""Trails whose bucket does not record who reads it.

Reading the record is how an intruder learns what was seen of him. Access logs of the bucket show it.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.cloudtrail import Trail
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET
from poise.model.samples.aws_cloudtrail import TRAIL


def evaluate(trail: Trail, inventory: Inventory) -> Verdict:
    bucket = _bucket_of(trail, inventory)
    if bucket is None:
        return not_applicable("the bucket is in another account", seen=trail.bucket)
    if bucket.logging_target is not None:
        return healthy("access to the bucket is recorded", seen=bucket.logging_target)
    return unhealthy("access to the bucket is not recorded", seen=trail.bucket)


def _bucket_of(trail: Trail, inventory: Inventory) -> S3Bucket | None:
    return inventory.find(S3Bucket, trail.scope, f"arn:{trail.id.split(':')[1]}:s3:::{trail.bucket}")


LOGS = replace(S3_BUCKET, id="arn:aws:s3:::audit-logs", name="audit-logs")


CHECK = Check(
    title="CloudTrail trails should write to a bucket that records access",
    asset=Trail,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    evaluate=evaluate,
    fix=Fix(
        console="Find the bucket of the trail {name} in the CloudTrail console, open it in the S3 console, tab Properties, Server access logging, Edit, Enable, choose another bucket.",
        cli='aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \'{"LoggingEnabled":{"TargetBucket":"LOG_BUCKET","TargetPrefix":"trail/"}}\'',
        terraform="""
resource "aws_s3_bucket_logging" "trail" {
  bucket        = "BUCKET"
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "trail/"
}
""",
        impact="Log files are stored and charged.",
    ),
    examples=(
        Example("recorded", TRAIL, "healthy", others=(LOGS,)),
        Example("not recorded", TRAIL, "unhealthy", others=(replace(LOGS, logging_target=None),)),
        Example("in another account", TRAIL, "not_applicable"),
        Example(
            "unread",
            TRAIL,
            "unknown",
            "AccessDenied",
            others=(replace(LOGS, unread={"logging_target": "AccessDenied"}),),
        ),
    ),
)
