"""Databases on a version that AWS no longer supports as standard.

Fixes come only with Extended Support, which is charged by the hour and ends as well. The move to the next major version
is then made in haste. MySQL and PostgreSQL are judged; Aurora and licensed engines follow other calendars.
"""

from datetime import UTC, datetime, timedelta

from poise.model import (
    Check,
    Example,
    Fix,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.rds import RdsInstance
from poise.model.aws.rds_engines import AS_OF, STANDARD_SUPPORT_ENDS, major_version
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance, now: datetime, warn_days: int) -> Verdict:
    versions = STANDARD_SUPPORT_ENDS.get(database.engine)
    if versions is None:
        return not_applicable(f"{database.engine} is not in the calendar", seen=database.engine)
    major = major_version(database.engine, database.engine_version)
    end = versions.get(major)
    name = f"{database.engine} {major}"
    if end is None:
        return unknown(f"{name} is not in the calendar of {AS_OF}", seen=database.engine_version)
    if now >= end:
        return unhealthy(f"standard support of {name} ended on {end:%Y-%m-%d}", seen=database.engine_version)
    warned = end - timedelta(days=warn_days)
    if now >= warned:
        return unhealthy(
            f"standard support of {name} ends on {end:%Y-%m-%d}", database.engine_version, next_change_at=end
        )
    return healthy(f"{name} is supported until {end:%Y-%m-%d}", database.engine_version, next_change_at=warned)


SOON = datetime(2030, 1, 15, tzinfo=UTC)


CHECK = Check(
    title="RDS instances should run an engine in standard support",
    asset=RdsInstance,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html",
    evaluate=evaluate,
    parameters=(
        Parameter("warn_days", 0, "Days before the end of support from which it is reported.", lowest=0, highest=365),
    ),
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, DB engine version, choose a newer major version, Continue. Try it on a copy restored from a snapshot, or by a blue/green deployment, first.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --engine-version VERSION --allow-major-version-upgrade --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier                  = "{name}"
  engine_version              = "17"
  allow_major_version_upgrade = true
}
""",
        impact="The database is away during the upgrade, and statements may behave otherwise. There is no way back but a snapshot.",
    ),
    examples=(
        Example("supported", RDS_INSTANCE, "healthy", "2030-02-28"),
        Example(
            "ended", replace(RDS_INSTANCE, engine="mysql", engine_version="5.7.44"), "unhealthy", "ended on 2024-02-29"
        ),
        Example("old numbering", replace(RDS_INSTANCE, engine_version="9.6.2"), "unhealthy", "postgres 9.6"),
        Example("ends soon", RDS_INSTANCE, "unhealthy", "ends on", now=SOON, parameters={"warn_days": 90}),
        Example("ends soon, not asked for", RDS_INSTANCE, "healthy", now=SOON),
        Example("another engine", replace(RDS_INSTANCE, engine="aurora-mysql"), "not_applicable"),
        Example("newer than the calendar", replace(RDS_INSTANCE, engine_version="29.1"), "unknown", "29"),
        Example("unread", replace(RDS_INSTANCE, unread={"engine_version": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
