"""Copies of disks that are shared with accounts nobody named as trusted.

A partner's account that may use a snapshot may keep a copy for ever. Sharing that was meant for one migration is
often forgotten.
"""

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.ec2 import EbsSnapshot
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_ec2 import SNAPSHOT

TRUSTED = Parameter("trusted_accounts", (), "Accounts that snapshots may be shared with.")
SHARED = replace(SNAPSHOT, shared_with_accounts=(FOREIGN_ACCOUNT,))


def evaluate(snapshot: EbsSnapshot, trusted_accounts: tuple[str, ...]) -> Verdict:
    others = sorted(set(snapshot.shared_with_accounts) - {snapshot.scope, *trusted_accounts})
    if not others and "all" in snapshot.shared_with_groups:
        return not_applicable("shared with every account: another check reports that")
    if not others:
        return healthy("shared with no account that is not trusted")
    return unhealthy(f"shared with account {', '.join(others)}", seen=others)


CHECK = Check(
    title="EBS snapshots should be shared with trusted accounts only",
    asset=EbsSnapshot,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the snapshot {name} in the EC2 console, Actions, Modify permissions; remove the accounts. Accounts of your own: add them to the parameter trusted_accounts.",
        cli="""
# SNAPSHOT_ID is the end of {id}
aws ec2 modify-snapshot-attribute --region {region} --snapshot-id SNAPSHOT_ID --attribute createVolumePermission --operation-type remove --user-ids ACCOUNT
""",
        terraform="# remove the resource aws_snapshot_create_volume_permission of {name} from the configuration and apply",
        impact="The accounts can no longer use the snapshot; copies that they made stay with them.",
    ),
    parameters=(TRUSTED,),
    examples=(
        Example("public", replace(SNAPSHOT, shared_with_groups=("all",)), "not_applicable", "another check"),
        Example("private", SNAPSHOT, "healthy"),
        Example("shared", SHARED, "unhealthy", FOREIGN_ACCOUNT),
        Example("shared with a trusted account", SHARED, "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("unread", replace(SNAPSHOT, unread={"shared_with_accounts": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
