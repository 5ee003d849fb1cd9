"""Database cluster snapshots that are not encrypted.

Whoever may copy or restore it reads the data, with no key to ask for.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.rds import RdsClusterSnapshot
from poise.model.samples.aws_rds import RDS_CLUSTER_SNAPSHOT


def evaluate(snapshot: RdsClusterSnapshot) -> Verdict:
    if snapshot.encrypted:
        return healthy("it is encrypted")
    return unhealthy("it is not encrypted")


CHECK = Check(
    title="RDS cluster snapshots should be encrypted",
    asset=RdsClusterSnapshot,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the snapshot {name} in the RDS console, Actions, Copy snapshot, Enable encryption, then delete the plain one.",
        cli="aws rds restore-db-cluster-from-snapshot --region {region} --db-cluster-identifier {name}-encrypted --snapshot-identifier {id} --engine ENGINE --kms-key-id KEY_ARN\n"
        "aws rds wait db-cluster-available --region {region} --db-cluster-identifier {name}-encrypted\n"
        "aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {name}-encrypted --db-cluster-snapshot-identifier {name}-encrypted\n"
        "aws rds wait db-cluster-snapshot-available --region {region} --db-cluster-snapshot-identifier {name}-encrypted\n"
        "aws rds delete-db-cluster-snapshot --region {region} --db-cluster-snapshot-identifier {name}",
        terraform="""
resource "aws_rds_cluster" "this" {
  snapshot_identifier = "{id}"
  storage_encrypted   = true
  kms_key_id          = aws_kms_key.this.arn
}
# snapshots of this cluster are encrypted
""",
        impact="Automatic snapshots are only encrypted once the database is: see to the database first.",
    ),
    examples=(
        Example("encrypted", RDS_CLUSTER_SNAPSHOT, "healthy"),
        Example("plain", replace(RDS_CLUSTER_SNAPSHOT, encrypted=False, encryption_key=None), "unhealthy"),
        Example(
            "unread", replace(RDS_CLUSTER_SNAPSHOT, unread={"encrypted": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
