"""Database snapshots that are not encrypted.

Whoever may copy or restore it reads the data, with no key to ask for.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.rds import RdsSnapshot
from poise.model.samples.aws_rds import RDS_SNAPSHOT


def evaluate(snapshot: RdsSnapshot) -> Verdict:
    if snapshot.encrypted:
        return healthy("it is encrypted")
    return unhealthy("it is not encrypted")


CHECK = Check(
    title="RDS snapshots should be encrypted",
    asset=RdsSnapshot,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the snapshot {name} in the RDS console, Actions, Copy snapshot, Enable encryption, then delete the plain one.",
        cli="aws rds copy-db-snapshot --region {region} --source-db-snapshot-identifier {name} --target-db-snapshot-identifier {name}-encrypted --kms-key-id KEY_ARN\n"
        "aws rds wait db-snapshot-available --region {region} --db-snapshot-identifier {name}-encrypted\n"
        "aws rds delete-db-snapshot --region {region} --db-snapshot-identifier {name}",
        terraform="""
resource "aws_db_snapshot_copy" "this" {
  source_db_snapshot_identifier = "{id}"
  target_db_snapshot_identifier = "{name}-encrypted"
  kms_key_id                    = aws_kms_key.this.arn
}
""",
        impact="Automatic snapshots are only encrypted once the database is: see to the database first.",
    ),
    examples=(
        Example("encrypted", RDS_SNAPSHOT, "healthy"),
        Example("plain", replace(RDS_SNAPSHOT, encrypted=False, encryption_key=None), "unhealthy"),
        Example("unread", replace(RDS_SNAPSHOT, unread={"encrypted": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
