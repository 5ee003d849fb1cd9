"""Databases that do not install minor versions.

Minor versions bring the security fixes of the engine. Without automatic installation they wait until somebody thinks of
them.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance) -> Verdict:
    if database.engine == "docdb":
        return not_applicable("DocumentDB does not use this setting", seen=database.engine)
    if database.minor_upgrades:
        return healthy("minor versions are installed automatically")
    return unhealthy("minor versions are not installed automatically", seen=database.engine_version)


CHECK = Check(
    title="RDS instances should install minor versions",
    asset=RdsInstance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Maintenance, Enable auto minor version upgrade, Continue.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --auto-minor-version-upgrade --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier                 = "{name}"
  auto_minor_version_upgrade = true
}
""",
        impact="The database restarts in its maintenance window when a version is installed.",
    ),
    examples=(
        Example(
            "DocumentDB", replace(RDS_INSTANCE, engine="docdb", minor_upgrades=False), "not_applicable", "DocumentDB"
        ),
        Example("on", RDS_INSTANCE, "healthy"),
        Example("off", replace(RDS_INSTANCE, minor_upgrades=False), "unhealthy"),
        Example("unread", replace(RDS_INSTANCE, unread={"minor_upgrades": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
