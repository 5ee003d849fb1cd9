"""Databases with a public address.

The name of the database leads to a public address, so one wrong rule in a security group opens it to password guessing
from everywhere. Databases belong into private subnets.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance) -> Verdict:
    if database.publicly_accessible:
        return unhealthy("the instance has a public address")
    return healthy("the instance has private addresses only")


CHECK = Check(
    title="RDS instances should have no public address",
    asset=RdsInstance,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Connectivity, Additional configuration, Not publicly accessible, Continue, Apply immediately.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --no-publicly-accessible --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier          = "{name}"
  publicly_accessible = false
}
""",
        impact="Clients outside of the VPC lose the connection; give them a VPN, a proxy or an SSM tunnel first.",
    ),
    examples=(
        Example("private", RDS_INSTANCE, "healthy"),
        Example("public", replace(RDS_INSTANCE, publicly_accessible=True), "unhealthy"),
        Example(
            "unread", replace(RDS_INSTANCE, unread={"publicly_accessible": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
