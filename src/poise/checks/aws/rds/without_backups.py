"""Databases without automatic backups.

A dropped table, a broken disk or ransomware then means that the data is gone. Read replicas are left out: their source
has the backups. So are instances of clusters: the cluster keeps theirs.
"""

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance, least_days: int) -> Verdict:
    if database.backup_retention_days >= least_days:
        return healthy(f"backups are kept {database.backup_retention_days} days", seen=database.backup_retention_days)
    if database.replica_of is not None:
        return not_applicable("a read replica: its source has the backups", seen=database.replica_of)
    if database.cluster is not None:
        return not_applicable("the cluster keeps the backups", seen=database.cluster)
    if database.backup_retention_days == 0:
        return unhealthy("automatic backups are off", seen=0)
    return unhealthy(f"backups are kept {database.backup_retention_days} days", seen=database.backup_retention_days)


OFF = replace(RDS_INSTANCE, backup_retention_days=0)


CHECK = Check(
    title="RDS instances should be backed up automatically",
    asset=RdsInstance,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
    evaluate=evaluate,
    parameters=(Parameter("least_days", 1, "Least number of days that backups are kept.", lowest=1, highest=35),),
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Backup retention period, 7 days or more, Continue, Apply immediately.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --backup-retention-period 7 --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier              = "{name}"
  backup_retention_period = 7
}
""",
        impact="Going from 0 to more days restarts the instance. Backups beyond the size of the database are charged.",
    ),
    examples=(
        Example("two weeks", RDS_INSTANCE, "healthy"),
        Example("off", OFF, "unhealthy", "off"),
        Example(
            "too short",
            replace(RDS_INSTANCE, backup_retention_days=3),
            "unhealthy",
            "3 days",
            parameters={"least_days": 7},
        ),
        Example("read replica", replace(OFF, replica_of="orders-primary"), "not_applicable"),
        Example("a cluster's instance", replace(OFF, cluster="ledger"), "not_applicable"),
        Example(
            "unread", replace(RDS_INSTANCE, unread={"backup_retention_days": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
