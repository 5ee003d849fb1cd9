"""Regions in which a snapshot can be made public.

One wrong call or click publishes a whole disk. The block of the region refuses that, and `block-all-sharing` also
takes back what is public already.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsRegion
from poise.model.samples.aws import AWS_REGION


def evaluate(region: AwsRegion) -> Verdict:
    state = region.snapshot_block_public_access
    if state == "unblocked":
        return unhealthy("snapshots can be made public", seen=state)
    return healthy("snapshots cannot be made public", seen=state)


CHECK = Check(
    title="Public sharing of EBS snapshots should be blocked",
    asset=AwsRegion,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html",
    evaluate=evaluate,
    fix=Fix(
        console="Choose the region {region} in the EC2 console; Account attributes, Data protection and security, Block public access for EBS snapshots, Manage, Block all public access.",
        cli="aws ec2 enable-snapshot-block-public-access --region {region} --state block-all-sharing",
        terraform="""
resource "aws_ebs_snapshot_block_public_access" "this" {
  state = "block-all-sharing"
}
""",
        impact="Snapshots that are public on purpose are no longer; choose block-new-sharing to keep them.",
    ),
    examples=(
        Example("all sharing blocked", AWS_REGION, "healthy"),
        Example("new sharing blocked", replace(AWS_REGION, snapshot_block_public_access="block-new-sharing"), "healthy"),
        Example("not blocked", replace(AWS_REGION, snapshot_block_public_access="unblocked"), "unhealthy"),
        Example("unread", replace(AWS_REGION, unread={"snapshot_block_public_access": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
