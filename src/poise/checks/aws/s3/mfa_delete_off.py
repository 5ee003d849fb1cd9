"""S3 buckets whose versions can be deleted without a second factor.

With versioning on, an intruder still destroys data by deleting every version. MFA delete asks the root user's device
for that. Only the root user can switch it on, so it suits few buckets: audit logs, backups.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.mfa_delete:
        return healthy("deleting a version takes a second factor")
    if bucket.versioning != "Enabled":
        return not_applicable("the bucket keeps no versions")
    return unhealthy("versions can be deleted without a second factor")


CHECK = Check(
    title="S3 buckets should ask for a second factor to delete versions",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="MFA delete cannot be set in the console. Sign in as the root user with an access key made for this, use the command line, then delete the key.",
        cli='aws s3api put-bucket-versioning --bucket {name} --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa "ROOT_DEVICE_ARN CODE"',
        terraform="""
resource "aws_s3_bucket_versioning" "this" {
  bucket = "{name}"
  mfa    = "ROOT_DEVICE_ARN CODE"
  versioning_configuration {
    status     = "Enabled"
    mfa_delete = "Enabled"
  }
}
""",
        impact="Lifecycle rules do not work on a bucket with MFA delete; only the root user can delete versions.",
    ),
    examples=(
        Example("on", replace(S3_BUCKET, mfa_delete=True), "healthy"),
        Example("off", S3_BUCKET, "unhealthy"),
        Example("no versions", replace(S3_BUCKET, versioning=None), "not_applicable"),
        Example("unread", replace(S3_BUCKET, unread={"mfa_delete": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
