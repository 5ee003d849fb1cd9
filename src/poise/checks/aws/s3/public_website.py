"""S3 buckets that serve a public static site themselves.

A site straight from a bucket speaks HTTP only, has no firewall before it, and needs a public bucket. CloudFront with
origin access control serves the same site over TLS from a private bucket.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.s3 import S3Bucket
from poise.model.samples.aws import AWS_ACCOUNT, S3_BUCKET
from poise.policy.aws.exposed import bucket_exposed
from poise.policy.aws.exposure import Level


def evaluate(bucket: S3Bucket, inventory: Inventory) -> Verdict:
    if not bucket.website:
        return healthy("it serves no site")
    exposure = bucket_exposed(bucket, inventory)
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    if exposure.is_public:
        return unhealthy("it serves a site that is open to everyone", seen=list(exposure.actions))
    return healthy("it is set up to serve a site, but is not open to everyone")


OPEN_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
    ],
}
OPEN_SITE = replace(S3_BUCKET, website=True, policy=OPEN_POLICY, public_access_block=None)
OPEN_ACCOUNT = replace(AWS_ACCOUNT, public_access_block=None)


CHECK = Check(
    title="S3 buckets should not serve public sites themselves",
    asset=S3Bucket,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html",
    evaluate=evaluate,
    fix=Fix(
        console="Create a CloudFront distribution with the bucket {name} as origin and origin access control, point the site's DNS name at it, then switch off Static website hosting in the bucket's tab Properties and block public access.",
        cli="aws s3api delete-bucket-website --bucket {name}",
        terraform="""
resource "aws_cloudfront_origin_access_control" "this" {
  name                              = "{name}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}
# use it as the origin's origin_access_control_id and remove aws_s3_bucket_website_configuration
""",
        impact="The site's address changes unless its DNS name is moved first; redirect rules must be rebuilt in CloudFront.",
    ),
    examples=(
        Example("no site", S3_BUCKET, "healthy", "no site"),
        Example("open site", OPEN_SITE, "unhealthy", others=(OPEN_ACCOUNT,)),
        Example("private site", replace(S3_BUCKET, website=True), "healthy", "not open", others=(OPEN_ACCOUNT,)),
        Example("unread", replace(S3_BUCKET, unread={"website": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("account unread", OPEN_SITE, "unknown", "not read"),
    ),
)
