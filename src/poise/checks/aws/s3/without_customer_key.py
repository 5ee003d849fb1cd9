"""S3 buckets that are not encrypted with a key of one's own.

With Amazon's own key whoever may read the object may decrypt it. A customer key adds a second permission, a record of
each use, and a switch that makes the data unreadable at once.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.encryption is None or not bucket.encryption.startswith("aws:kms"):
        return unhealthy("objects are not encrypted with KMS", seen=bucket.encryption)
    if bucket.encryption_key is None or bucket.encryption_key.endswith("alias/aws/s3"):
        return unhealthy("objects are encrypted with the key that AWS manages for S3", seen=bucket.encryption_key)
    return healthy("objects are encrypted with a customer key", seen=bucket.encryption_key)


CHECK = Check(
    title="S3 buckets should be encrypted with a customer key",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Properties, Default encryption, Edit, choose SSE-KMS and a key of your own, switch the bucket key on, Save.",
        cli="""aws s3api put-bucket-encryption --bucket {name} --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"KEY_ARN"},"BucketKeyEnabled":true}]}'""",
        terraform="""
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = "{name}"
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
    bucket_key_enabled = true
  }
}
""",
        impact="Readers and writers need kms:Decrypt and kms:GenerateDataKey on the key; requests to KMS are charged.",
    ),
    examples=(
        Example("customer key", S3_BUCKET, "healthy"),
        Example(
            "Amazon's key",
            replace(S3_BUCKET, encryption="AES256", encryption_key=None),
            "unhealthy",
            "not encrypted with KMS",
        ),
        Example(
            "no encryption",
            replace(S3_BUCKET, encryption=None, encryption_key=None),
            "unhealthy",
            "not encrypted with KMS",
        ),
        Example("default key", replace(S3_BUCKET, encryption_key=None), "unhealthy", "AWS manages"),
        Example(
            "alias of the default key",
            replace(S3_BUCKET, encryption_key="arn:aws:kms:eu-west-1:111122223333:alias/aws/s3"),
            "unhealthy",
            "AWS manages",
        ),
        Example("unread", replace(S3_BUCKET, unread={"encryption_key": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
