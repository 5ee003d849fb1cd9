"""Machines that take passwords of small letters alone.

They are tried out first.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam
from poise.policy.host.systems import on_linux

CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
FEWEST = 3


@on_linux
def evaluate(machine: Machine) -> Verdict:
    quality = machine.login_rules.password_quality
    classes = pam.number(pam.setting(machine, "pam_pwquality.so", "minclass", quality)) or 0
    credits = [pam.number(pam.setting(machine, "pam_pwquality.so", name, quality)) for name in CREDITS]
    asked = sum(1 for credit in credits if credit is not None and credit < 0)
    if max(classes, asked) < FEWEST:
        return unhealthy(f"{max(classes, asked)} kinds of characters are asked for", {"minclass": classes})
    return healthy(f"{max(classes, asked)} kinds of characters are asked for", {"minclass": classes})


CHECK = Check(
    title="Passwords should mix kinds of characters",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/pwquality.conf.5.html",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/security/pwquality.conf.d/50-classes.conf", "minclass = 4", "true"),
    examples=(
        Example("four", MACHINE, "healthy"),
        Example(
            "by credits",
            replace(
                MACHINE,
                login_rules=altered(
                    MACHINE.login_rules, password_quality={"dcredit": "-1", "ucredit": "-1", "lcredit": "-1"}
                ),
            ),
            "healthy",
        ),
        Example(
            "none",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, password_quality={})),
            "unhealthy",
            "0 kinds",
        ),
        Example(
            "unread", replace(MACHINE, unread={"login_rules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
