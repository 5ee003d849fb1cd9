"""Database clusters whose storage is not encrypted.

Snapshots, backups and replicas are as readable as the storage they come from. Encryption can only be chosen when a
database is made, so the cure is a copy.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.rds import RdsCluster
from poise.model.samples.aws_rds import RDS_CLUSTER


def evaluate(database: RdsCluster) -> Verdict:
    if database.storage_encrypted:
        return healthy("the storage is encrypted")
    return unhealthy("the storage is not encrypted")


CHECK = Check(
    title="RDS clusters should be encrypted",
    asset=RdsCluster,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html",
    evaluate=evaluate,
    fix=Fix(
        console="Encryption cannot be switched on for {name} itself. In the RDS console take a snapshot of it, copy the snapshot with Enable encryption, restore a new database from the copy, and move the clients over.",
        cli="aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {name} --db-cluster-snapshot-identifier {name}-plain\n"
        "aws rds wait db-cluster-snapshot-available --region {region} --db-cluster-snapshot-identifier {name}-plain\n"
        "aws rds restore-db-cluster-from-snapshot --region {region} --db-cluster-identifier {name}-new --snapshot-identifier {name}-plain --engine ENGINE --kms-key-id KEY_ARN",
        terraform="""
resource "aws_rds_cluster" "this" {
  cluster_identifier = "{name}"
  storage_encrypted  = true
  kms_key_id         = aws_kms_key.this.arn
}
""",
        impact="Terraform replaces the database: restore the data from an encrypted snapshot. Clients must move to the new address; writes in between are lost unless they are stopped.",
    ),
    examples=(
        Example("encrypted", RDS_CLUSTER, "healthy"),
        Example("plain", replace(RDS_CLUSTER, storage_encrypted=False, encryption_key=None), "unhealthy"),
        Example(
            "unread", replace(RDS_CLUSTER, unread={"storage_encrypted": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
