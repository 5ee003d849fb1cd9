"""Machines that take short passwords.

Eight letters are tried out in hours once the hashes are out.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Parameter, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam

DEFAULTS = {"pam_pwquality.so": 8, "pam_cracklib.so": 9, "pam_unix.so": 6}
"""Module -> fewest characters where nothing is stated."""


def _least(machine: Machine, module: str) -> int:
    """Return the fewest characters that a module takes on any of its lines; 0 if it is not used."""
    file = machine.login_rules.password_quality if module == "pam_pwquality.so" else {}
    stated = [pam.number(text) for text in pam.settings(machine, module, "minlen", file)]
    return min((DEFAULTS[module] if each is None else each for each in stated), default=0)


@pam.where_used
def evaluate(machine: Machine, shortest: int) -> Verdict:
    if any(pam.rules(machine, "pam_passwdqc.so", "password")):
        return unknown("pam_passwdqc tests passwords, by rules of its own")
    length = max(_least(machine, module) for module in DEFAULTS)
    if length < shortest:
        return unhealthy(f"passwords of {length} characters are taken", length)
    return healthy(f"passwords have {length} characters at least", length)


CHECK = Check(
    title="Passwords should have fourteen characters",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/pwquality.conf.5.html",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/security/pwquality.conf.d/50-length.conf", "minlen = 14", "true"),
    parameters=(Parameter("shortest", 14, "Fewest characters of a password.", lowest=1),),
    examples=(
        Example("long", MACHINE, "healthy"),
        Example(
            "short",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, password_quality={"minlen": "8"})),
            "unhealthy",
            "8 characters",
        ),
        Example(
            "not set",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, password_quality={})),
            "unhealthy",
            "8 characters",
        ),
        Example(
            "short enough",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, password_quality={"minlen": "12"})),
            "healthy",
            parameters={"shortest": 12},
        ),
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example("a file that nothing reads", replace(MACHINE, pam=MACHINE.pam[:4]), "unhealthy", "0 characters"),
        Example(
            "unread", replace(MACHINE, unread={"login_rules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
