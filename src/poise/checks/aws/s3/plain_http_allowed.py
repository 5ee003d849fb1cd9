"""S3 buckets that answer requests without TLS.

Over plain HTTP anyone on the way reads the objects and the signed requests. Only a bucket policy that denies requests
without `aws:SecureTransport` prevents it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import ACCOUNT, S3_BUCKET
from poise.policy.aws.exposure import denies_insecure_transport


def evaluate(bucket: S3Bucket) -> Verdict:
    if bucket.policy is None:
        return unhealthy("there is no bucket policy that denies plain HTTP")
    if denies_insecure_transport(bucket.policy):
        return healthy("the bucket policy denies requests without TLS")
    return unhealthy("no statement of the bucket policy denies plain HTTP to everyone, on the bucket and its objects")


ALLOWS_READING = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": ACCOUNT},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::reports/*",
        },
    ],
}


CHECK = Check(
    title="S3 buckets should refuse plain HTTP",
    asset=S3Bucket,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Permissions, Bucket policy, Edit, and add a statement that denies s3:* to * on the bucket and its objects where aws:SecureTransport is false.",
        cli="""
aws s3api get-bucket-policy --bucket {name} --query Policy --output text > policy.json
# add to Statement: {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["{id}", "{id}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
aws s3api put-bucket-policy --bucket {name} --policy file://policy.json
""",
        terraform="""
resource "aws_s3_bucket_policy" "this" {
  bucket = "{name}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["{id}", "{id}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
""",
        impact="Clients that use http:// addresses get an error. A static site served from the bucket itself is HTTP only: put CloudFront before it first.",
    ),
    examples=(
        Example("denied", S3_BUCKET, "healthy"),
        Example("no policy", replace(S3_BUCKET, policy=None), "unhealthy", "no bucket policy"),
        Example("another policy", replace(S3_BUCKET, policy=ALLOWS_READING), "unhealthy", "no statement"),
        Example("unread", replace(S3_BUCKET, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
