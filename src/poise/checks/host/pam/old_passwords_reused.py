"""Machines that take a password again which was used before.

Whoever learnt it once comes back with it.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam
from poise.policy.host.systems import on_linux

KEEPERS = ("pam_pwhistory.so", "pam_unix.so")
FEWEST = 5


@on_linux
def evaluate(machine: Machine) -> Verdict:
    counts = [
        pam.number(pam.argument(rule, "remember")) for name in KEEPERS for rule in pam.rules(machine, name, "password")
    ]
    kept = max((count for count in counts if count is not None), default=0)
    if kept < FEWEST:
        return unhealthy(f"{kept} old passwords are remembered", kept)
    return healthy(f"{kept} old passwords are remembered", kept)


CHECK = Check(
    title="Old passwords should not be taken again",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/pam_pwhistory.8.html",
    evaluate=evaluate,
    fix=fixing.by_command("pam-auth-update --enable pwhistory", "remember old passwords, with remember=24"),
    examples=(
        Example("remembered", MACHINE, "healthy"),
        Example(
            "forgotten",
            replace(MACHINE, pam=tuple(rule for rule in MACHINE.pam if rule.module != "pam_pwhistory.so")),
            "unhealthy",
            "0 old",
        ),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
