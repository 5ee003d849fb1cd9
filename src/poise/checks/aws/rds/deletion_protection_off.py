"""Database instances that one call can delete.

A mistyped command, a broken pipeline or a stolen key removes the database with its automatic backups. Deletion protection
makes it two steps.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance) -> Verdict:
    if database.deletion_protection:
        return healthy("deletion protection is on")
    if database.cluster is not None:
        return not_applicable("the cluster is what is protected", seen=database.cluster)
    return unhealthy("deletion protection is off")


CHECK = Check(
    title="RDS instances should be protected from deletion",
    asset=RdsInstance,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open {name} in the RDS console, Modify, Enable deletion protection, Continue, Apply immediately.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --deletion-protection --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier          = "{name}"
  deletion_protection = true
}
""",
        impact="Pipelines that remove the database must first switch the protection off.",
    ),
    examples=(
        Example("on", RDS_INSTANCE, "healthy"),
        Example("off", replace(RDS_INSTANCE, deletion_protection=False), "unhealthy"),
        Example(
            "a cluster's instance", replace(RDS_INSTANCE, cluster="ledger", deletion_protection=False), "not_applicable"
        ),
        Example(
            "unread", replace(RDS_INSTANCE, unread={"deletion_protection": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
