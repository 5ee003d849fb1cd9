"""Machines that take any password.

People choose short words and names, and those are guessed first.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam

TESTERS = ("pam_pwquality.so", "pam_cracklib.so", "pam_passwdqc.so")


@pam.where_used
def evaluate(machine: Machine) -> Verdict:
    found = [rule.place for name in TESTERS for rule in pam.rules(machine, name, "password")]
    if not found:
        return unhealthy("no module tests new passwords")
    if machine.login_rules.password_quality.get("enforcing") == "0":
        return unhealthy("weak passwords are warned of and taken", "enforcing = 0")
    return healthy("new passwords are tested", found)


CHECK = Check(
    title="Passwords should be tested when they are chosen",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/pam_pwquality.8.html",
    evaluate=evaluate,
    fix=fixing.by_command("apt-get install -y libpam-pwquality", "install the module that tests passwords"),
    examples=(
        Example("tested", MACHINE, "healthy"),
        Example(
            "not tested",
            replace(MACHINE, pam=tuple(rule for rule in MACHINE.pam if rule.module != "pam_pwquality.so")),
            "unhealthy",
            "no module",
        ),
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example(
            "warned of only",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, password_quality={"enforcing": "0"})),
            "unhealthy",
            "warned of",
        ),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
