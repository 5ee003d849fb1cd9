"""Disks that are not encrypted.

Whoever gets at a copy of the disk, by a shared snapshot or by rights on snapshots alone, reads everything on it.
With encryption the key must be granted too, and each use of it is recorded.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.ec2 import EbsVolume
from poise.model.samples.aws_ec2 import VOLUME


def evaluate(volume: EbsVolume) -> Verdict:
    if volume.encrypted:
        return healthy("encrypted", seen=True)
    return unhealthy("not encrypted", seen=False)


CHECK = Check(
    title="EBS volumes should be encrypted",
    asset=EbsVolume,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    evaluate=evaluate,
    fix=Fix(
        console="Make a snapshot of {name}, copy it with Encrypt this snapshot, make a volume of the copy, stop the machine and attach it in place of the old one.",
        cli="""
# VOLUME_ID is the end of {id}
aws ec2 create-snapshot --region {region} --volume-id VOLUME_ID
aws ec2 wait snapshot-completed --region {region} --snapshot-ids SNAPSHOT_ID
aws ec2 copy-snapshot --source-region {region} --region {region} --encrypted --source-snapshot-id SNAPSHOT_ID
aws ec2 wait snapshot-completed --region {region} --snapshot-ids COPY_ID
aws ec2 create-volume --region {region} --snapshot-id COPY_ID --availability-zone ZONE
""",
        terraform="""
resource "aws_ebs_volume" "this" {
  encrypted  = true
  kms_key_id = aws_kms_key.disks.arn
}
""",
        impact="The machine is stopped while its disk is changed. Terraform replaces the volume: copy the data first.",
    ),
    examples=(
        Example("encrypted", VOLUME, "healthy"),
        Example("not encrypted", replace(VOLUME, encrypted=False, key=None), "unhealthy"),
        Example("unread", replace(VOLUME, unread={"encrypted": "malformed"}), "unknown", "malformed"),
    ),
)  # fmt: skip
