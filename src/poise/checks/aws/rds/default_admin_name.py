"""Databases whose administrator has a name that everybody guesses.

Half of a password attack is the name. The name cannot be changed later, so choose it when the database is made.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE

GUESSED = frozenset(
    {"admin", "administrator", "awsuser", "master", "mysql", "oracle", "postgres", "rdsadmin", "root", "sa", "user"}
)


def evaluate(database: RdsInstance) -> Verdict:
    if database.master_user is None:
        return not_applicable("the engine has no administrator")
    if database.master_user.lower() in GUESSED:
        return unhealthy("the administrator has a usual name", seen=database.master_user)
    return healthy("the administrator has a name of its own")


CHECK = Check(
    title="RDS instances should not use a usual name for their administrator",
    asset=RdsInstance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="The name cannot be changed. Create a new database in the RDS console with another master username, move the data of {name} there, and delete the old one.",
        cli="aws rds create-db-instance --region {region} --db-instance-identifier {name}-new --master-username orders_owner --manage-master-user-password --engine ENGINE --db-instance-class CLASS --allocated-storage GIB",
        terraform="""
resource "aws_db_instance" "this" {
  identifier                  = "{name}"
  username                    = "orders_owner"
  manage_master_user_password = true
}
""",
        impact="Terraform replaces the database; move the data first.",
    ),
    examples=(
        Example("own name", RDS_INSTANCE, "healthy"),
        Example("usual name", replace(RDS_INSTANCE, master_user="Admin"), "unhealthy"),
        Example("no administrator", replace(RDS_INSTANCE, engine="neptune", master_user=None), "not_applicable"),
        Example("unread", replace(RDS_INSTANCE, unread={"master_user": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
