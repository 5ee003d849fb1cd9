"""Trails that nobody can set an alarm on.

Files in a bucket are read after the fact. In a CloudWatch log group, filters raise an alarm within minutes: a root
sign-in, a changed policy, a stopped trail.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, replace, unhealthy
from poise.model.aws.cloudtrail import Trail
from poise.model.samples.aws_cloudtrail import TRAIL


def evaluate(trail: Trail) -> Verdict:
    if trail.log_group is not None:
        return healthy("events are sent to CloudWatch", seen=trail.log_group)
    return unhealthy("events go to the bucket alone")


CHECK = Check(
    title="CloudTrail trails should be sent to CloudWatch",
    asset=Trail,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the trail {name} in the CloudTrail console, CloudWatch Logs, Edit, Enabled, choose a log group and a role, Save.",
        cli="aws cloudtrail update-trail --region {region} --name {id} --cloud-watch-logs-log-group-arn LOG_GROUP_ARN --cloud-watch-logs-role-arn ROLE_ARN",
        terraform="""
resource "aws_cloudtrail" "this" {
  name                       = "{name}"
  s3_bucket_name             = "BUCKET"
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.trail.arn
}
""",
        impact="CloudWatch charges for what it takes in and keeps. Alarms may also rest on EventBridge or on another product: exempt the finding then.",
    ),
    examples=(
        Example("sent", TRAIL, "healthy"),
        Example("not sent", replace(TRAIL, log_group=None), "unhealthy"),
        Example("unread", replace(TRAIL, unread={"log_group": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
