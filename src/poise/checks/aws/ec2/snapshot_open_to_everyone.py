"""Copies of disks that every AWS account may use.

Such snapshots are listed for all to see and copied by people who do nothing else; what was on the disk, deleted
files and keys included, is then out for good.
"""

from poise.model import Check, Example, Fix, Inventory, NotCollected, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsRegion
from poise.model.aws.ec2 import EbsSnapshot
from poise.model.samples.aws import AWS_REGION
from poise.model.samples.aws_ec2 import SNAPSHOT

PUBLIC = replace(SNAPSHOT, encrypted=False, key=None, shared_with_groups=("all",))
UNBLOCKED = replace(AWS_REGION, snapshot_block_public_access="unblocked")


def evaluate(snapshot: EbsSnapshot, inventory: Inventory) -> Verdict:
    if "all" not in snapshot.shared_with_groups:
        return healthy("not shared with everyone")
    shared = list(snapshot.shared_with_groups)
    try:
        state = _block(snapshot, inventory)
    except NotCollected as gap:
        note = f"shared with every account; the region's block was not read ({gap.reason}), so it may be held back"
        return unhealthy(note, seen=shared)
    if state == "block-all-sharing":
        return healthy("shared with every account, but the region blocks all public sharing", seen=state)
    return unhealthy("shared with every account", seen=shared)


def _block(snapshot: EbsSnapshot, inventory: Inventory) -> str:
    regions = inventory.of(AwsRegion, snapshot.scope, name=snapshot.region)
    if not regions:
        raise NotCollected(AwsRegion.KIND, f"{snapshot.region} was not read")
    return regions[0].snapshot_block_public_access


CHECK = Check(
    title="EBS snapshots should not be public",
    asset=EbsSnapshot,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-1",
    evaluate=evaluate,
    fix=Fix(
        console="Open the snapshot {name} in the EC2 console, Actions, Modify permissions, Private. Then switch on Block public access for EBS snapshots in the settings of the region, for all sharing.",
        cli="""
# SNAPSHOT_ID is the end of {id}
aws ec2 modify-snapshot-attribute --region {region} --snapshot-id SNAPSHOT_ID --attribute createVolumePermission --operation-type remove --group-names all
aws ec2 enable-snapshot-block-public-access --region {region} --state block-all-sharing
""",
        terraform="""
resource "aws_ebs_snapshot_block_public_access" "this" {
  state = "block-all-sharing"
}
""",
        impact="Others who use the snapshot can no longer. Take what was on the disk as known: change its keys and passwords.",
    ),
    examples=(
        Example("private", SNAPSHOT, "healthy"),
        Example("public", PUBLIC, "unhealthy", "every account", others=(UNBLOCKED,)),
        Example("public where all sharing is blocked", PUBLIC, "healthy", "blocks", others=(AWS_REGION,)),
        Example("public where only new sharing is blocked", PUBLIC, "unhealthy", others=(replace(AWS_REGION, snapshot_block_public_access="block-new-sharing"),)),
        Example("public, the region not read", PUBLIC, "unhealthy", "may be held back"),
        Example("public, the block unread", PUBLIC, "unhealthy", "was not read", others=(replace(AWS_REGION, unread={"snapshot_block_public_access": "AccessDenied"}),)),
        Example("unread", replace(SNAPSHOT, unread={"shared_with_groups": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
