"""Machines with passwords, tokens or private keys of people and programs in plain files.

They outlive the people who put them there, and go with every snapshot, backup and image of the machine.
"""

from poise.checks.host import fixing
from poise.model import Category, Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.secrets import Secrets
from poise.model.samples.host import SECRETS
from poise.policy.host import secrets
from poise.policy.host.secrets import sample


def evaluate(record: Secrets) -> Verdict:
    found = [one for one in record.found if not secrets.is_of_cloud(one.rule)]
    if found:
        return unhealthy(f"{secrets.told(found)} lies in a plain file", secrets.seen(found))
    return secrets.whole(record) or healthy("no secret was found", record.files_scanned)


CHECK = Check(
    title="Machines should hold no secrets in plain files",
    asset=Secrets,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
    evaluate=evaluate,
    category=Category.SECRET,
    fix=fixing.by_command("shred -u PATH", "keep the secret in a secret store, renew it, then remove the file"),
    examples=(
        Example("none", SECRETS, "healthy"),
        Example(
            "a token", replace(SECRETS, found=(sample("slack_token", "/srv/bot.env"),)), "unhealthy", "/srv/bot.env"
        ),
        Example(
            "of a cloud, which another check tells",
            replace(SECRETS, found=(sample("aws_secret_access_key", "/root/.aws/credentials"),)),
            "healthy",
        ),
        Example("looked into in part", replace(SECRETS, gaps=(secrets.GAP,)), "unknown", "more than"),
        Example("unread", replace(SECRETS, unread={"found": "secrets were not looked for"}), "unknown", "not looked"),
    ),
)
