"""Database snapshots that other accounts may restore.

Sharing is often meant for a day and stays for years. Accounts that may have it are named in the parameter.
"""

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.rds import RdsSnapshot
from poise.model.samples.aws import ACCOUNT, FOREIGN_ACCOUNT
from poise.model.samples.aws_rds import RDS_SNAPSHOT


def evaluate(snapshot: RdsSnapshot, trusted_accounts: tuple[str, ...]) -> Verdict:
    known = {"all", snapshot.scope, *trusted_accounts}
    strangers = [account for account in snapshot.restorable_by if account not in known]
    if strangers:
        return unhealthy(f"{', '.join(strangers)} may restore it", seen=strangers)
    if "all" in snapshot.restorable_by:
        return not_applicable("every account may restore it: another check reports that")
    return healthy("no account but known ones may restore it")


CHECK = Check(
    title="RDS snapshots should be shared with known accounts only",
    asset=RdsSnapshot,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that may restore snapshots."),),
    fix=Fix(
        console="Open the snapshot {name} in the RDS console, Actions, Share snapshot, remove the account, Save; or add it to the check's trusted accounts.",
        cli="aws rds modify-db-snapshot-attribute --region {region} --db-snapshot-identifier {name} --attribute-name restore --values-to-remove ACCOUNT",
        terraform="""
resource "aws_db_snapshot" "this" {
  db_instance_identifier = "DATABASE"
  db_snapshot_identifier = "{name}"
  shared_accounts        = []
}
""",
        impact="The account can no longer restore it; copies that it made stay.",
    ),
    examples=(
        Example("open to everyone", replace(RDS_SNAPSHOT, restorable_by=("all",)), "not_applicable", "another check"),
        Example("private", RDS_SNAPSHOT, "healthy"),
        Example("own account", replace(RDS_SNAPSHOT, restorable_by=(ACCOUNT,)), "healthy"),
        Example("a stranger", replace(RDS_SNAPSHOT, restorable_by=(FOREIGN_ACCOUNT,)), "unhealthy", FOREIGN_ACCOUNT),
        Example(
            "a known account",
            replace(RDS_SNAPSHOT, restorable_by=(FOREIGN_ACCOUNT,)),
            "healthy",
            parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)},
        ),
        Example("unread", replace(RDS_SNAPSHOT, unread={"restorable_by": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
