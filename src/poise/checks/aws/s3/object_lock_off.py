"""S3 buckets whose objects can be deleted before their time.

Object lock keeps versions for a set time against everyone, the administrator of the account included: the answer to
ransomware and to forged audit logs.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.object_lock:
        return healthy("object lock is on")
    return unhealthy("object lock is off")


CHECK = Check(
    title="S3 buckets should lock objects against deletion",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Properties, Object Lock, Edit, Enable (versioning must be on), and set a default retention.",
        cli='aws s3api put-object-lock-configuration --bucket {name} --object-lock-configuration \'{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"GOVERNANCE","Days":30}}}\'',
        terraform="""
resource "aws_s3_bucket_object_lock_configuration" "this" {
  bucket = "{name}"
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 30
    }
  }
}
""",
        impact="Locked versions cannot be removed before their time, and are charged; object lock cannot be switched off again.",
    ),
    examples=(
        Example("on", replace(S3_BUCKET, object_lock=True), "healthy"),
        Example("off", S3_BUCKET, "unhealthy"),
        Example("unread", replace(S3_BUCKET, unread={"object_lock": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
