"""Machines with a long-lived credential of a cloud on their disk.

Whoever gets into the machine, or gets a snapshot or a backup of it, goes on into the cloud with it.
"""

from poise.checks.host import fixing
from poise.model import Category, Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.secrets import Secrets
from poise.model.samples.host import SECRETS
from poise.policy.host import secrets
from poise.policy.host.secrets import sample


def evaluate(record: Secrets) -> Verdict:
    found = [one for one in record.found if secrets.is_of_cloud(one.rule)]
    if found:
        return unhealthy(f"{secrets.told(found)} opens a cloud", secrets.seen(found))
    return secrets.whole(record) or healthy("no credential of a cloud was found", record.files_scanned)


CHECK = Check(
    title="Machines should hold no credentials of clouds",
    asset=Secrets,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    evaluate=evaluate,
    category=Category.SECRET,
    fix=fixing.by_command(
        "shred -u PATH",
        "give the machine a role or an identity of its own, revoke the credential, then remove the file",
    ),
    examples=(
        Example("none", SECRETS, "healthy"),
        Example(
            "an access key",
            replace(SECRETS, found=(sample("aws_secret_access_key", "/root/.aws/credentials"),)),
            "unhealthy",
            "/root/.aws/credentials",
        ),
        Example("of something else", replace(SECRETS, found=(sample("slack_token", "/srv/bot.env"),)), "healthy"),
        Example("looked into in part", replace(SECRETS, gaps=(secrets.GAP,)), "unknown", "more than"),
        Example("unread", replace(SECRETS, unread={"found": "secrets were not looked for"}), "unknown", "not looked"),
    ),
)
