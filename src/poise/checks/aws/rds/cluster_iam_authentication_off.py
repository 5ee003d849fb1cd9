"""Clusters that only know passwords of their own.

With IAM authentication people and programs sign in with short-lived tokens of their role: no password to store, to leak
or to change. Engines that cannot do it are left out.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsCluster
from poise.model.samples.aws_rds import RDS_CLUSTER


def evaluate(database: RdsCluster) -> Verdict:
    if database.engine == "docdb" or database.iam_authentication is None:
        return not_applicable(f"{database.engine} does not say whether it asks IAM", seen=database.engine)
    if database.iam_authentication:
        return healthy("IAM principals may sign in")
    return unhealthy("only passwords of the database itself are taken")


CHECK = Check(
    title="RDS clusters should let IAM principals sign in",
    asset=RdsCluster,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the cluster {name} in the RDS console, Modify, Database authentication, Password and IAM database authentication, Continue.",
        cli="aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --enable-iam-database-authentication --apply-immediately",
        terraform="""
resource "aws_rds_cluster" "this" {
  cluster_identifier                  = "{name}"
  iam_database_authentication_enabled = true
}
""",
        impact="Nothing changes for password users; those who shall use IAM need a database user made for it and rds-db:connect.",
    ),
    examples=(
        Example("on", RDS_CLUSTER, "healthy"),
        Example("off", replace(RDS_CLUSTER, iam_authentication=False), "unhealthy"),
        Example("DocumentDB", replace(RDS_CLUSTER, engine="docdb", iam_authentication=False), "not_applicable"),
        Example("not said", replace(RDS_CLUSTER, iam_authentication=None), "not_applicable"),
        Example(
            "unread", replace(RDS_CLUSTER, unread={"iam_authentication": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
