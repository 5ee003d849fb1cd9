"""Machines that take a password again which was used before.

Whoever learnt it once comes back with it.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.accounts import PamRule
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam

KEEPERS = ("pam_pwhistory.so", "pam_unix.so")
FEWEST = 5

HISTORY = PamRule(
    service="passwd", type="password", control="required", module="pam_pwhistory.so", arguments=(), place="passwd:1"
)


@pam.where_used
def evaluate(machine: Machine) -> Verdict:
    stated = {
        name: [pam.argument(rule, "remember") for rule in pam.rules(machine, name, "password")] for name in KEEPERS
    }
    counts = [pam.number(text) for texts in stated.values() for text in texts if text is not None]
    if not counts and stated["pam_pwhistory.so"]:
        return unknown("the number may stand in /etc/security/pwhistory.conf, which is not read")
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
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example("in a file that is not read", replace(MACHINE, pam=(HISTORY,)), "unknown", "pwhistory.conf"),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
