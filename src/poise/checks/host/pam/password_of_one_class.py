"""Machines that take passwords of small letters alone.

They are tried out first.
"""

from collections.abc import Mapping

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam

CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
TESTERS = ("pam_pwquality.so", "pam_cracklib.so")
FEWEST = 3


def _stated(machine: Machine, name: str, quality: Mapping[str, str]) -> list[str | None]:
    return [text for module in TESTERS for text in pam.settings(machine, module, name, quality)]


def _is_asked(credits: list[str | None]) -> bool:
    """Tell whether every line asks for a kind of characters: a negative credit does."""
    return bool(credits) and all((pam.number(text) or 0) < 0 for text in credits)


@pam.where_used
def evaluate(machine: Machine) -> Verdict:
    quality = machine.login_rules.password_quality
    if any(pam.rules(machine, "pam_passwdqc.so", "password")):
        return unknown("pam_passwdqc tests passwords, by rules of its own")
    classes = min((pam.number(text) or 0 for text in _stated(machine, "minclass", quality)), default=0)
    asked = sum(1 for name in CREDITS if _is_asked(_stated(machine, name, quality)))
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
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example("a file that nothing reads", replace(MACHINE, pam=MACHINE.pam[:4]), "unhealthy", "0 kinds"),
        Example(
            "unread", replace(MACHINE, unread={"login_rules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
