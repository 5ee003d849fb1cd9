"""Secrets in files that every user of the machine may read.

Any account, and any fallen service, has them.
"""

from poise.checks.host import fixing
from poise.model import Category, Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.secrets import Secrets
from poise.model.samples.host import SECRETS
from poise.policy.host import secrets
from poise.policy.host.secrets import sample

FOR_ALL = 0o004


def evaluate(record: Secrets) -> Verdict:
    found = [one for one in record.found if one.mode & FOR_ALL]
    if found:
        return unhealthy(f"everybody may read {secrets.told(found)}", secrets.seen(found))
    return secrets.whole(record) or healthy("no secret may be read by everybody", record.files_scanned)


CHECK = Check(
    title="Files with secrets should be closed to other users",
    asset=Secrets,
    severity=Severity.HIGH,
    since="0.1",
    source="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
    evaluate=evaluate,
    category=Category.SECRET,
    fix=fixing.by_command("chmod o-rwx PATH", "take the rights of others away from the file, and renew the secret"),
    examples=(
        Example("none", SECRETS, "healthy"),
        Example("its owner's alone", replace(SECRETS, found=(sample("slack_token", "/srv/bot.env"),)), "healthy"),
        Example(
            "for all",
            replace(SECRETS, found=(sample("slack_token", "/srv/bot.env", 0o644),)),
            "unhealthy",
            "/srv/bot.env",
        ),
        Example("looked into in part", replace(SECRETS, gaps=(secrets.GAP,)), "unknown", "more than"),
        Example("unread", replace(SECRETS, unread={"found": "secrets were not looked for"}), "unknown", "not looked"),
    ),
)
