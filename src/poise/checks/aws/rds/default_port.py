"""Databases on the port that everybody knows.

Another port keeps automatic scans away. It hides nothing from somebody who looks closer.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE

DEFAULT_PORTS = {
    3306: "MySQL",
    5432: "PostgreSQL",
    1433: "SQL Server",
    1521: "Oracle",
    50000: "Db2",
    27017: "DocumentDB",
    8182: "Neptune",
}


def evaluate(database: RdsInstance) -> Verdict:
    if database.port is None:
        return not_applicable("the instance has no end point")
    if database.port in DEFAULT_PORTS:
        return unhealthy(f"it listens on the default port of {DEFAULT_PORTS[database.port]}", seen=database.port)
    return healthy("it listens on a port of its own", seen=database.port)


CHECK = Check(
    title="RDS instances should not use their engine's default port",
    asset=RdsInstance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Additional configuration, Database port, Continue.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --db-port-number 15432 --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier = "{name}"
  port       = 15432
}
""",
        impact="The database restarts; clients and security groups must change with it.",
    ),
    examples=(
        Example("another port", RDS_INSTANCE, "healthy"),
        Example("default port", replace(RDS_INSTANCE, port=5432), "unhealthy", "PostgreSQL"),
        Example("still being made", replace(RDS_INSTANCE, port=None, host=None), "not_applicable"),
        Example("unread", replace(RDS_INSTANCE, unread={"port": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
