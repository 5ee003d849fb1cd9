"""Trails whose files are not encrypted with a key of one's own.

The record tells an intruder which defences there are. With a customer key, reading the bucket is not enough: the key
must be granted too, and each use is recorded.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.cloudtrail import Trail
from poise.model.samples.aws_cloudtrail import TRAIL


def evaluate(trail: Trail) -> Verdict:
    if trail.encryption_key is not None:
        return healthy("files are encrypted with a customer key", seen=trail.encryption_key)
    return unhealthy("files are encrypted with the bucket's own key")


CHECK = Check(
    title="CloudTrail trails should be encrypted with a customer key",
    asset=Trail,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the trail {name} in the CloudTrail console, General details, Edit, Log file SSE-KMS encryption, Enabled, choose a key, Save.",
        cli="aws cloudtrail update-trail --region {region} --name {id} --kms-key-id KEY_ARN",
        terraform="""
resource "aws_cloudtrail" "this" {
  name           = "{name}"
  s3_bucket_name = "BUCKET"
  kms_key_id     = aws_kms_key.trail.arn
}
""",
        impact="Readers of the files need kms:Decrypt on the key, and the key policy must let CloudTrail encrypt.",
    ),
    examples=(
        Example("customer key", TRAIL, "healthy"),
        Example("none", replace(TRAIL, encryption_key=None), "unhealthy"),
        Example("unread", replace(TRAIL, unread={"encryption_key": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
