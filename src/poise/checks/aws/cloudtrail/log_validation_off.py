"""Trails whose files can be changed unseen.

Whoever may write to the bucket can take lines out of the record. With validation CloudTrail signs a digest every hour,
and `validate-logs` shows what is missing or changed.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.cloudtrail import Trail
from poise.model.samples.aws_cloudtrail import TRAIL


def evaluate(trail: Trail) -> Verdict:
    if trail.log_validation:
        return healthy("digests prove the files")
    return unhealthy("no digest proves that the files were not changed")


CHECK = Check(
    title="CloudTrail trails should validate their log files",
    asset=Trail,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the trail {name} in the CloudTrail console, General details, Edit, Log file validation, Enabled, Save.",
        cli="aws cloudtrail update-trail --region {region} --name {id} --enable-log-file-validation",
        terraform="""
resource "aws_cloudtrail" "this" {
  name                       = "{name}"
  s3_bucket_name             = "BUCKET"
  enable_log_file_validation = true
}
""",
        impact="None.",
    ),
    examples=(
        Example("on", TRAIL, "healthy"),
        Example("off", replace(TRAIL, log_validation=False), "unhealthy"),
        Example("unread", replace(TRAIL, unread={"log_validation": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
