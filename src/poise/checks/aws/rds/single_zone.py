"""Databases in one zone only.

If the zone fails, the database is away until AWS has repaired it. A standby in another zone takes over within a minute
or two. Read replicas, and instances of clusters, are left out.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance) -> Verdict:
    if database.multi_az:
        return healthy("a standby waits in another zone")
    if database.replica_of is not None:
        return not_applicable("a read replica", seen=database.replica_of)
    if database.cluster is not None:
        return not_applicable("the cluster spreads its instances", seen=database.cluster)
    return unhealthy("there is no standby in another zone")


ALONE = replace(RDS_INSTANCE, multi_az=False)


CHECK = Check(
    title="RDS instances should have a standby in another zone",
    asset=RdsInstance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Availability and durability, Create a standby instance, Continue.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --multi-az --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier = "{name}"
  multi_az   = true
}
""",
        impact="The standby is charged like the instance; making it slows writes for a while.",
    ),
    examples=(
        Example("standby", RDS_INSTANCE, "healthy"),
        Example("alone", ALONE, "unhealthy"),
        Example("read replica", replace(ALONE, replica_of="orders-primary"), "not_applicable"),
        Example("a cluster's instance", replace(ALONE, cluster="ledger"), "not_applicable"),
        Example("unread", replace(RDS_INSTANCE, unread={"multi_az": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
