"""Database snapshots that every AWS account may restore.

Whoever restores it has the whole database, with all its rows, as of that day.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.rds import RdsSnapshot
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_rds import RDS_SNAPSHOT


def evaluate(snapshot: RdsSnapshot) -> Verdict:
    if "all" in snapshot.restorable_by:
        return unhealthy("every AWS account may restore it", seen=list(snapshot.restorable_by))
    return healthy("it is not open to everyone", seen=list(snapshot.restorable_by))


CHECK = Check(
    title="RDS snapshots should not be open to everyone",
    asset=RdsSnapshot,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the snapshot {name} in the RDS console, Actions, Share snapshot, Private, Save.",
        cli="aws rds modify-db-snapshot-attribute --region {region} --db-snapshot-identifier {name} --attribute-name restore --values-to-remove all",
        terraform="""
resource "aws_db_snapshot" "this" {
  db_instance_identifier = "DATABASE"
  db_snapshot_identifier = "{name}"
  shared_accounts = []
}
""",
        impact="Nobody else can restore it any more. Copies that others made stay with them: treat the data as leaked.",
    ),
    examples=(
        Example("private", RDS_SNAPSHOT, "healthy"),
        Example("public", replace(RDS_SNAPSHOT, restorable_by=("all",)), "unhealthy"),
        Example("shared with one", replace(RDS_SNAPSHOT, restorable_by=(FOREIGN_ACCOUNT,)), "healthy"),
        Example("unread", replace(RDS_SNAPSHOT, unread={"restorable_by": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
