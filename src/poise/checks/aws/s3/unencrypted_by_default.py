"""S3 buckets without default encryption.

New objects are stored as they come. AWS encrypts new buckets since January 2023; a bucket that answers that it has no
default encryption was made by other software, or its setting was lost.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.encryption is None:
        return unhealthy("there is no default encryption")
    return healthy(f"new objects are encrypted with {bucket.encryption}")


CHECK = Check(
    title="S3 buckets should encrypt new objects",
    asset=S3Bucket,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Properties, Default encryption, Edit, choose a type, Save.",
        cli="""aws s3api put-bucket-encryption --bucket {name} --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'""",
        terraform="""
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = "{name}"
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
""",
        impact="Objects that are already there stay as they are; copy them over themselves to encrypt them.",
    ),
    examples=(
        Example("customer key", S3_BUCKET, "healthy", "aws:kms"),
        Example("none", replace(S3_BUCKET, encryption=None, encryption_key=None), "unhealthy"),
        Example("unread", replace(S3_BUCKET, unread={"encryption": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
