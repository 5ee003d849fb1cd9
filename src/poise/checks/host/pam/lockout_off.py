"""Machines that let anyone guess for ever.

Nothing stops a program that tries all likely passwords.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam
from poise.policy.host.systems import on_linux

LOCKERS = ("pam_faillock.so", "pam_tally2.so")


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [rule.place for name in LOCKERS for rule in pam.rules(machine, name, "auth")]
    if not found:
        return unhealthy("no module counts failed tries")
    return healthy("failed tries are counted", found)


CHECK = Check(
    title="Accounts should be locked after failed tries",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/faillock.conf.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("pam-auth-update --enable faillock", "count failed tries"),
    examples=(
        Example("counted", MACHINE, "healthy"),
        Example(
            "not counted",
            replace(MACHINE, pam=tuple(rule for rule in MACHINE.pam if rule.module != "pam_faillock.so")),
            "unhealthy",
            "no module",
        ),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
