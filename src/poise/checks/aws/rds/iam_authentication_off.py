"""Databases that only know passwords of their own.

With IAM authentication people and programs sign in with short-lived tokens of their role: no password to store, to leak
or to change. Engines that cannot do it, and instances of clusters (the cluster says), are left out.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE

ENGINES = ("mysql", "mariadb", "postgres")


def evaluate(database: RdsInstance) -> Verdict:
    if database.iam_authentication:
        return healthy("IAM principals may sign in")
    if database.cluster is not None:
        return not_applicable("the cluster says who may sign in", seen=database.cluster)
    if database.engine not in ENGINES:
        return not_applicable(f"{database.engine} cannot ask IAM", seen=database.engine)
    return unhealthy("only passwords of the database itself are taken")


OFF = replace(RDS_INSTANCE, iam_authentication=False)


CHECK = Check(
    title="RDS instances should let IAM principals sign in",
    asset=RdsInstance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Database authentication, Password and IAM database authentication, Continue.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --enable-iam-database-authentication --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier                          = "{name}"
  iam_database_authentication_enabled = true
}
""",
        impact="Nothing changes for password users; those who shall use IAM need a database user made for it and rds-db:connect.",
    ),
    examples=(
        Example("on", RDS_INSTANCE, "healthy"),
        Example("off", OFF, "unhealthy"),
        Example("a cluster's instance", replace(OFF, cluster="ledger"), "not_applicable"),
        Example("an engine that cannot", replace(OFF, engine="oracle-ee"), "not_applicable"),
        Example(
            "unread", replace(RDS_INSTANCE, unread={"iam_authentication": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
