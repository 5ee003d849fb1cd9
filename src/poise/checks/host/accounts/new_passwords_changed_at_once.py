"""Machines on which a new password can be changed again at once.

People change it until the list of old ones is full, and have their old one back.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.accounts import LoginRules
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel


def _with(login_defs: dict[str, str]) -> LoginRules:
    return altered(MACHINE.login_rules, login_defs=login_defs)


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if not machine.login_rules.login_defs:
        return not_applicable("there is no /etc/login.defs")
    value = machine.login_rules.login_defs.get("PASS_MIN_DAYS")
    if value is None:
        return unhealthy("PASS_MIN_DAYS is not set: it is 0")
    if value.isdecimal() and int(value) >= 1:
        return healthy("passwords may be changed again after a day", value)
    return unhealthy(f"passwords may be changed again after days: {value}", value)


CHECK = Check(
    title="New passwords should last at least a day",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/login.defs.5.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "sed -i -E 's/^#?[[:space:]]*PASS_MIN_DAYS[[:space:]].*/PASS_MIN_DAYS 1/' /etc/login.defs", "set PASS_MIN_DAYS"
    ),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example("otherwise", replace(MACHINE, login_rules=_with({"PASS_MIN_DAYS": "0"})), "unhealthy", "0"),
        Example("not set", replace(MACHINE, login_rules=_with({"UMASK": "022"})), "unhealthy"),
        Example("no such file", replace(MACHINE, login_rules=_with({})), "not_applicable"),
        Example(
            "unread", replace(MACHINE, unread={"login_rules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
