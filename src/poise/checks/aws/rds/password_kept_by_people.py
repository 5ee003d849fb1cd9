"""Databases whose administrator's password people keep.

It stands in templates and notes, and nobody changes it. Secrets Manager makes it, renews it, and records who reads it.
Replicas and instances of clusters, which have none of their own, are left out.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance) -> Verdict:
    if database.master_secret is not None:
        return healthy("Secrets Manager keeps the password", seen=database.master_secret)
    if database.cluster is not None:
        return not_applicable("the cluster holds the password", seen=database.cluster)
    if database.replica_of is not None:
        return not_applicable("the source holds the password", seen=database.replica_of)
    return unhealthy("Secrets Manager does not keep the administrator's password")


KEPT = replace(RDS_INSTANCE, master_secret=None)


CHECK = Check(
    title="RDS instances should keep their administrator's password in Secrets Manager",
    asset=RdsInstance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Credentials management, Managed in AWS Secrets Manager, Continue.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --manage-master-user-password --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier                  = "{name}"
  manage_master_user_password = true
}
""",
        impact="The password changes at once and every seven days: programs must read it from Secrets Manager.",
    ),
    examples=(
        Example("managed", RDS_INSTANCE, "healthy"),
        Example("kept", KEPT, "unhealthy"),
        Example("a cluster's instance", replace(KEPT, cluster="ledger"), "not_applicable"),
        Example("read replica", replace(KEPT, replica_of="primary"), "not_applicable"),
        Example("unread", replace(RDS_INSTANCE, unread={"master_secret": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
