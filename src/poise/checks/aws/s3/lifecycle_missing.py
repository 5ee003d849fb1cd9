"""S3 buckets that keep everything for ever.

Old versions, broken uploads and logs pile up: cost, and personal data that should be gone. A lifecycle rule moves or
deletes them after a set time.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.lifecycle_rules > 0:
        return healthy("lifecycle rules are on", seen=bucket.lifecycle_rules)
    return unhealthy("no lifecycle rule is on")


CHECK = Check(
    title="S3 buckets should have a lifecycle rule",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Management, Create lifecycle rule.",
        cli='aws s3api put-bucket-lifecycle-configuration --bucket {name} --lifecycle-configuration \'{"Rules":[{"ID":"old-versions","Status":"Enabled","Filter":{},"NoncurrentVersionExpiration":{"NoncurrentDays":90},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}\'',
        terraform="""
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = "{name}"
  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration { noncurrent_days = 90 }
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}
""",
        impact="Objects that match the rule are deleted for good.",
    ),
    examples=(
        Example("one rule", S3_BUCKET, "healthy"),
        Example("none", replace(S3_BUCKET, lifecycle_rules=0), "unhealthy"),
        Example("unread", replace(S3_BUCKET, unread={"lifecycle_rules": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
