"""Machines that never lock accounts whose password has ended.

Accounts of people who left stay open for whoever knows the old password.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam
from poise.policy.host.systems import on_own_kernel

MOST_DAYS = 45


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    days = pam.number(machine.login_rules.new_users.get("INACTIVE"))
    if days is None or days < 0:
        return unhealthy("accounts are never locked", days)
    if days > MOST_DAYS:
        return unhealthy(f"accounts are locked {days} days after their password has ended", days)
    return healthy(f"accounts are locked {days} days after their password has ended", days)


CHECK = Check(
    title="Accounts should be locked when their password has ended",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/useradd.8.html",
    evaluate=evaluate,
    fix=fixing.by_command("useradd -D -f 30", "lock accounts 30 days after their password has ended"),
    examples=(
        Example("soon", MACHINE, "healthy"),
        Example(
            "never",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, new_users={"INACTIVE": "-1"})),
            "unhealthy",
            "never",
        ),
        Example(
            "not set", replace(MACHINE, login_rules=altered(MACHINE.login_rules, new_users={})), "unhealthy", "never"
        ),
        Example(
            "late",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, new_users={"INACTIVE": "365"})),
            "unhealthy",
            "365",
        ),
        Example(
            "unread", replace(MACHINE, unread={"login_rules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
