"""Machines on which everybody may try to become root with su.

Any fallen account may guess the password of root.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam


@pam.where_used
def evaluate(machine: Machine) -> Verdict:
    found = [rule for rule in pam.rules(machine, "pam_wheel.so", "auth") if rule.service == "su"]
    strict = [
        rule.place for rule in found if rule.control in ("required", "requisite") and "deny" not in rule.arguments
    ]
    if not strict:
        return unhealthy("everybody may use su")
    return healthy("only members of a group may use su", strict)


CHECK = Check(
    title="Only members of one group should use su",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/pam_wheel.8.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "groupadd sugroup\nsed -i '1i auth required pam_wheel.so use_uid group=sugroup' /etc/pam.d/su",
        "let only an empty group use su",
    ),
    examples=(
        Example("a group", MACHINE, "healthy"),
        Example(
            "everybody",
            replace(MACHINE, pam=tuple(rule for rule in MACHINE.pam if rule.module != "pam_wheel.so")),
            "unhealthy",
            "everybody",
        ),
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
