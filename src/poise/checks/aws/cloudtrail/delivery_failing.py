"""Trails that cannot deliver their files.

A trail that runs but whose bucket refuses it records nothing that anybody could read. A changed bucket policy or key
policy is the usual cause.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.cloudtrail import Trail
from poise.model.samples.aws_cloudtrail import TRAIL


def evaluate(trail: Trail) -> Verdict:
    if trail.delivery_error is None:
        return healthy("the last delivery succeeded")
    return unhealthy("the last delivery failed", seen=trail.delivery_error)


CHECK = Check(
    title="CloudTrail trails should deliver their files",
    asset=Trail,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the trail {name} in the CloudTrail console, read the error under Last log file delivered, and let cloudtrail.amazonaws.com write to the bucket again (s3:PutObject and s3:GetBucketAcl), and use the key.",
        cli="aws cloudtrail get-trail-status --region {region} --name {id}",
        terraform="""
data "aws_iam_policy_document" "trail_bucket" {
  statement {
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::BUCKET/AWSLogs/{scope}/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = ["{id}"]
    }
  }
}
""",
        impact="None.",
    ),
    examples=(
        Example("delivered", TRAIL, "healthy"),
        Example("refused", replace(TRAIL, delivery_error="AccessDenied"), "unhealthy"),
        Example("unread", replace(TRAIL, unread={"delivery_error": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
