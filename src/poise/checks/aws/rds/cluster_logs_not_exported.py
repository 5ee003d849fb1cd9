"""Clusters whose logs stay inside.

Sign-ins, errors and slow statements are kept for a few days only, and an intruder can fill them up. In CloudWatch they
outlive the cluster and can raise an alarm.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.rds import RdsCluster
from poise.model.samples.aws_rds import RDS_CLUSTER


def evaluate(database: RdsCluster) -> Verdict:
    if database.log_exports:
        return healthy("logs are sent to CloudWatch", seen=list(database.log_exports))
    return unhealthy("no log is sent to CloudWatch")


CHECK = Check(
    title="RDS clusters should send their logs to CloudWatch",
    asset=RdsCluster,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the cluster {name} in the RDS console, Modify, Log exports, tick the logs, Continue.",
        cli="aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --cloudwatch-logs-export-configuration EnableLogTypes=LOG_TYPE --apply-immediately",
        terraform="""
resource "aws_rds_cluster" "this" {
  cluster_identifier              = "{name}"
  enabled_cloudwatch_logs_exports = ["postgresql"]
}
""",
        impact="CloudWatch charges for what it takes in and keeps.",
    ),
    examples=(
        Example("sent", RDS_CLUSTER, "healthy"),
        Example("kept", replace(RDS_CLUSTER, log_exports=()), "unhealthy"),
        Example("unread", replace(RDS_CLUSTER, unread={"log_exports": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
