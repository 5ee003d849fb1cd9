"""Database clusters that one call can delete.

A mistyped command, a broken pipeline or a stolen key removes the database with its automatic backups. Deletion protection
makes it two steps.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.rds import RdsCluster
from poise.model.samples.aws_rds import RDS_CLUSTER


def evaluate(database: RdsCluster) -> Verdict:
    if database.deletion_protection:
        return healthy("deletion protection is on")
    return unhealthy("deletion protection is off")


CHECK = Check(
    title="RDS clusters should be protected from deletion",
    asset=RdsCluster,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open {name} in the RDS console, Modify, Enable deletion protection, Continue, Apply immediately.",
        cli="aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --deletion-protection --apply-immediately",
        terraform="""
resource "aws_rds_cluster" "this" {
  cluster_identifier  = "{name}"
  deletion_protection = true
}
""",
        impact="Pipelines that remove the database must first switch the protection off.",
    ),
    examples=(
        Example("on", RDS_CLUSTER, "healthy"),
        Example("off", replace(RDS_CLUSTER, deletion_protection=False), "unhealthy"),
        Example(
            "unread", replace(RDS_CLUSTER, unread={"deletion_protection": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
