"""S3 buckets whose access lists still count.

Access lists are the old way to share, object by object, and easy to lose sight of: an uploader can make one object
public. With object ownership "bucket owner enforced" they have no effect and policies alone decide.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.object_ownership == "BucketOwnerEnforced":
        return healthy("access lists are switched off")
    if bucket.object_ownership is None:
        return unhealthy("object ownership was never set, so access lists count")
    return unhealthy("access lists count", seen=bucket.object_ownership)


CHECK = Check(
    title="S3 buckets should disable access lists (ACLs)",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Permissions, Object Ownership, Edit, ACLs disabled, Save.",
        cli="aws s3api put-bucket-ownership-controls --bucket {name} --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'",
        terraform="""
resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = "{name}"
  rule { object_ownership = "BucketOwnerEnforced" }
}
""",
        impact="Grants by access list end, and uploads that set one fail. Move what is needed to the bucket policy first.",
    ),
    examples=(
        Example("off", S3_BUCKET, "healthy"),
        Example("never set", replace(S3_BUCKET, object_ownership=None), "unhealthy", "never set"),
        Example("writer owns", replace(S3_BUCKET, object_ownership="ObjectWriter"), "unhealthy", "count"),
        Example("unread", replace(S3_BUCKET, unread={"object_ownership": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
