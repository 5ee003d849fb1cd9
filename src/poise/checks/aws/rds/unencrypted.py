"""Database instances whose storage is not encrypted.

Snapshots, backups and replicas are as readable as the storage they come from. Encryption can only be chosen when a
database is made, so the cure is a copy.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance) -> Verdict:
    if database.cluster is not None:
        return not_applicable("the storage belongs to the cluster", seen=database.cluster)
    if database.storage_encrypted:
        return healthy("the storage is encrypted")
    return unhealthy("the storage is not encrypted")


CHECK = Check(
    title="RDS instances should be encrypted",
    asset=RdsInstance,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    evaluate=evaluate,
    fix=Fix(
        console="Encryption cannot be switched on for {name} itself. In the RDS console take a snapshot of it, copy the snapshot with Enable encryption, restore a new database from the copy, and move the clients over.",
        cli="aws rds create-db-snapshot --region {region} --db-instance-identifier {name} --db-snapshot-identifier {name}-plain\n"
        "aws rds wait db-snapshot-available --region {region} --db-snapshot-identifier {name}-plain\n"
        "aws rds copy-db-snapshot --region {region} --source-db-snapshot-identifier {name}-plain --target-db-snapshot-identifier {name}-encrypted --kms-key-id KEY_ARN\n"
        "aws rds wait db-snapshot-available --region {region} --db-snapshot-identifier {name}-encrypted\n"
        "aws rds restore-db-instance-from-db-snapshot --region {region} --db-instance-identifier {name}-new --db-snapshot-identifier {name}-encrypted",
        terraform="""
resource "aws_db_instance" "this" {
  identifier         = "{name}"
  storage_encrypted  = true
  kms_key_id         = aws_kms_key.this.arn
}
""",
        impact="Terraform replaces the database: restore the data from an encrypted snapshot. Clients must move to the new address; writes in between are lost unless they are stopped.",
    ),
    examples=(
        Example("encrypted", RDS_INSTANCE, "healthy"),
        Example("plain", replace(RDS_INSTANCE, storage_encrypted=False, encryption_key=None), "unhealthy"),
        Example(
            "a cluster's instance", replace(RDS_INSTANCE, cluster="ledger", storage_encrypted=False), "not_applicable"
        ),
        Example(
            "unread", replace(RDS_INSTANCE, unread={"storage_encrypted": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
