"""Databases whose logs stay inside.

Sign-ins, errors and slow statements are kept on the instance for a few days only, and an intruder can fill them up. In
CloudWatch they outlive the instance and can raise an alarm.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsInstance
from poise.model.samples.aws_rds import RDS_INSTANCE


def evaluate(database: RdsInstance) -> Verdict:
    if database.log_exports:
        return healthy("logs are sent to CloudWatch", seen=list(database.log_exports))
    if database.cluster is not None:
        return not_applicable("the cluster sends the logs", seen=database.cluster)
    return unhealthy("no log is sent to CloudWatch")


KEPT = replace(RDS_INSTANCE, log_exports=())


CHECK = Check(
    title="RDS instances should send their logs to CloudWatch",
    asset=RdsInstance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the database {name} in the RDS console, Modify, Log exports, tick the logs, Continue.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --cloudwatch-logs-export-configuration EnableLogTypes=LOG_TYPE --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier                      = "{name}"
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}
""",
        impact="CloudWatch charges for what it takes in and keeps.",
    ),
    examples=(
        Example("sent", RDS_INSTANCE, "healthy"),
        Example("kept", KEPT, "unhealthy"),
        Example("a cluster's instance", replace(KEPT, cluster="ledger"), "not_applicable"),
        Example("unread", replace(RDS_INSTANCE, unread={"log_exports": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
