"""Keys that are about to be deleted.

When the key is gone, everything that it encrypted is gone: volumes, databases, objects. It happens by mistake, and it
is what an extortionist does. Until the day, the deletion can be called off.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.kms import KmsKey
from poise.model.samples.aws_kms import KMS_KEY


def evaluate(key: KmsKey) -> Verdict:
    if key.state not in ("PendingDeletion", "PendingReplicaDeletion"):
        return healthy("no deletion is planned", seen=key.state)
    day = "" if key.deletion_date is None else f" on {key.deletion_date[:10]}"
    return unhealthy(f"the key will be deleted{day}", seen=key.deletion_date)


CHECK = Check(
    title="KMS keys should not be scheduled for deletion",
    asset=KmsKey,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the key {name} in the KMS console, Key actions, Cancel key deletion, then Enable. If the deletion is meant, exempt the finding until its day.",
        cli="aws kms cancel-key-deletion --region {region} --key-id {id}\naws kms enable-key --region {region} --key-id {id}",
        terraform="""
resource "aws_kms_key" "this" {
  deletion_window_in_days = 30
  lifecycle { prevent_destroy = true }
}
""",
        impact="None: the key works again as before.",
    ),
    examples=(
        Example("in use", KMS_KEY, "healthy"),
        Example(
            "pending",
            replace(KMS_KEY, state="PendingDeletion", deletion_date="2026-12-01T09:00:00+00:00"),
            "unhealthy",
            "2026-12-01",
        ),
        Example(
            "a primary that waits for its replicas",
            replace(KMS_KEY, state="PendingReplicaDeletion"),
            "unhealthy",
            "will be deleted",
        ),
        Example("unread", replace(KMS_KEY, unread={"state": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
