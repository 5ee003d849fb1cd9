"""Machines that keep new passwords as weak hashes.

DES and MD5 hashes are guessed at billions of guesses a second once the file is out.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.accounts import LoginRules
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux


def _with(login_defs: dict[str, str]) -> LoginRules:
    return altered(MACHINE.login_rules, login_defs=login_defs)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    value = machine.login_rules.login_defs.get("ENCRYPT_METHOD")
    if value is None:
        return unhealthy("ENCRYPT_METHOD is not set: it is DES")
    if value.upper() in ("YESCRYPT", "SHA512", "SHA256", "BCRYPT"):
        return healthy("new passwords are kept as strong hashes", value)
    return unhealthy(f"new passwords are kept as {value}", value)


CHECK = Check(
    title="New passwords should be kept as strong hashes",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/login.defs.5.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "sed -i -E 's/^#?[[:space:]]*ENCRYPT_METHOD[[:space:]].*/ENCRYPT_METHOD YESCRYPT/' /etc/login.defs",
        "set ENCRYPT_METHOD",
    ),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example("otherwise", replace(MACHINE, login_rules=_with({"ENCRYPT_METHOD": "MD5"})), "unhealthy", "MD5"),
        Example("not set", replace(MACHINE, login_rules=_with({})), "unhealthy"),
        Example(
            "unread", replace(MACHINE, unread={"login_rules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
