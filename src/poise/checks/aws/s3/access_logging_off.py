"""S3 buckets whose requests are not recorded.

After a leak nobody can tell which objects were read, and by whom. Buckets that receive access logs are left out: one
that logs into itself would grow for ever.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket, inventory: Inventory) -> Verdict:
    if bucket.logging_target is not None:
        return healthy("access logs are delivered", seen=bucket.logging_target)
    if inventory.of(S3Bucket, bucket.scope, logging_target=bucket.name):
        return not_applicable("the bucket receives access logs itself")
    return unhealthy("access logs are off")


CHECK = Check(
    title="S3 buckets should log access requests",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Properties, Server access logging, Edit, Enable, and choose a target bucket in the same region.",
        cli="""aws s3api put-bucket-logging --bucket {name} --bucket-logging-status '{"LoggingEnabled":{"TargetBucket":"LOG_BUCKET","TargetPrefix":"{name}/"}}'""",
        terraform="""
resource "aws_s3_bucket_logging" "this" {
  bucket        = "{name}"
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "{name}/"
}
""",
        impact="Log files are stored and charged; give the target bucket a lifecycle rule.",
    ),
    examples=(
        Example("on", S3_BUCKET, "healthy"),
        Example("off", replace(S3_BUCKET, logging_target=None), "unhealthy"),
        Example(
            "a log bucket",
            replace(S3_BUCKET, id="arn:aws:s3:::access-logs", name="access-logs", logging_target=None),
            "not_applicable",
            others=(S3_BUCKET,),
        ),
        Example("unread", replace(S3_BUCKET, unread={"logging_target": "AccessDenied"}), "unknown", "AccessDenied"),
        Example(
            "others unlisted",
            replace(S3_BUCKET, logging_target=None),
            "unknown",
            "throttled",
            unlisted={"AWS::S3::Bucket": "throttled"},
        ),
    ),
)
