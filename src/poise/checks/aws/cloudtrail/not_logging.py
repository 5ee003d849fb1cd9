"""Trails that are switched off.

Nothing is recorded: who did what, from where, with which key. Switching a trail off is among the first things an
intruder does.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.cloudtrail import Trail
from poise.model.samples.aws_cloudtrail import TRAIL


def evaluate(trail: Trail) -> Verdict:
    if trail.is_logging:
        return healthy("the trail is running")
    return unhealthy("the trail is not running")


CHECK = Check(
    title="CloudTrail trails should be running",
    asset=Trail,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the trail {name} in the CloudTrail console, Start logging.",
        cli="aws cloudtrail start-logging --region {region} --name {id}",
        terraform="""
resource "aws_cloudtrail" "this" {
  name           = "{name}"
  s3_bucket_name = "BUCKET"
  enable_logging = true
}
""",
        impact="Files are stored in the bucket and charged.",
    ),
    examples=(
        Example("running", TRAIL, "healthy"),
        Example("stopped", replace(TRAIL, is_logging=False), "unhealthy"),
        Example("unread", replace(TRAIL, unread={"is_logging": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
