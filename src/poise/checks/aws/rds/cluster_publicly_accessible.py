"""Clusters with a public address.

The name of the database leads to a public address, so one wrong rule in a security group opens it to password guessing
from everywhere. For Aurora the instances say; they are judged by themselves.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsCluster
from poise.model.samples.aws_rds import RDS_CLUSTER


def evaluate(database: RdsCluster) -> Verdict:
    if database.publicly_accessible is None:
        return not_applicable("the instances of the cluster say whether they have public addresses")
    if database.publicly_accessible:
        return unhealthy("the cluster has a public address")
    return healthy("the cluster has private addresses only")


MULTI_AZ = replace(RDS_CLUSTER, engine="postgres", publicly_accessible=False)


CHECK = Check(
    title="RDS clusters should have no public address",
    asset=RdsCluster,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html",
    evaluate=evaluate,
    fix=Fix(
        console="The flag is set when a cluster is made. In the RDS console create a new Multi-AZ cluster with Public access No, move the data of {name} there, and delete the old one.",
        cli="aws rds create-db-cluster --region {region} --db-cluster-identifier {name}-private --no-publicly-accessible --engine ENGINE\n# move the data, then delete {name}: the flag of a Multi-AZ cluster is set when it is made",
        terraform="""
resource "aws_rds_cluster" "this" {
  cluster_identifier = "{name}"
  # place it in a subnet group of private subnets
  db_subnet_group_name = aws_db_subnet_group.private.name
}
""",
        impact="Clients outside of the VPC lose the connection.",
    ),
    examples=(
        Example("private", MULTI_AZ, "healthy"),
        Example("public", replace(MULTI_AZ, publicly_accessible=True), "unhealthy"),
        Example("Aurora", RDS_CLUSTER, "not_applicable"),
        Example(
            "unread", replace(RDS_CLUSTER, unread={"publicly_accessible": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
