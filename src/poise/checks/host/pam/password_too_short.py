"""Machines that take short passwords.

Eight letters are tried out in hours once the hashes are out.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam
from poise.policy.host.systems import on_linux

DEFAULT = 8


@on_linux
def evaluate(machine: Machine, shortest: int) -> Verdict:
    length = pam.number(pam.setting(machine, "pam_pwquality.so", "minlen", machine.login_rules.password_quality))
    if length is None:
        length = DEFAULT
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
        Example(
            "unread", replace(MACHINE, unread={"login_rules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
