"""S3 buckets that keep no earlier versions of their objects.

An object that is overwritten or deleted, by mistake or by ransomware, is gone. Versioning keeps every earlier
version until a lifecycle rule removes it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.versioning == "Enabled":
        return healthy("versioning is on")
    if bucket.versioning is None:
        return unhealthy("versioning was never enabled")
    return unhealthy("versioning is suspended", seen=bucket.versioning)


CHECK = Check(
    title="S3 buckets should keep earlier versions of objects",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Properties, Bucket Versioning, Edit, Enable.",
        cli="aws s3api put-bucket-versioning --bucket {name} --versioning-configuration Status=Enabled",
        terraform="""
resource "aws_s3_bucket_versioning" "this" {
  bucket = "{name}"
  versioning_configuration { status = "Enabled" }
}
""",
        impact="Earlier versions are stored and charged; add a lifecycle rule that removes old ones.",
    ),
    examples=(
        Example("on", S3_BUCKET, "healthy"),
        Example("never on", replace(S3_BUCKET, versioning=None), "unhealthy", "never"),
        Example("suspended", replace(S3_BUCKET, versioning="Suspended"), "unhealthy", "suspended"),
        Example("unread", replace(S3_BUCKET, unread={"versioning": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
