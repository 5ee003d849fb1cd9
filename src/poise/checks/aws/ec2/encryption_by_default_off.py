"""Regions in which new disks are not encrypted unasked.

One forgotten flag, in a template, a test or a copy, and data lies unencrypted. The setting of the region makes
that impossible, also for copies of old snapshots.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsRegion
from poise.model.samples.aws import AWS_REGION


def evaluate(region: AwsRegion) -> Verdict:
    if region.ebs_encryption_by_default:
        return healthy("new disks are encrypted unasked")
    return unhealthy("new disks are not encrypted unless asked", seen=False)


CHECK = Check(
    title="New EBS volumes should be encrypted by default",
    asset=AwsRegion,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-7",
    evaluate=evaluate,
    fix=Fix(
        console="Choose the region {region} in the EC2 console; Account attributes, Data protection and security, EBS encryption, Manage, Enable.",
        cli="aws ec2 enable-ebs-encryption-by-default --region {region}",
        terraform="""
resource "aws_ebs_encryption_by_default" "this" {
  enabled = true
}
""",
        impact="New disks alone. Machines made by others' roles need rights on the key.",
    ),
    examples=(
        Example("on", AWS_REGION, "healthy"),
        Example("off", replace(AWS_REGION, ebs_encryption_by_default=False), "unhealthy"),
        Example("unread", replace(AWS_REGION, unread={"ebs_encryption_by_default": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
