"""Accounts besides root that have its number.

They are root under another name, and are how an intruder stays.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

ALICE = MACHINE.users[-1]


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [user.name for user in machine.users if user.uid == 0 and user.name != "root"]
    if found:
        return unhealthy(f"{found[0]} is root under another name", found)
    return healthy("only root has the number 0")


CHECK = Check(
    title="Only root should have the number 0",
    asset=Machine,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/passwd.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("usermod -u NUMBER USER", "give the account a number of its own, or remove it"),
    examples=(
        Example("root alone", MACHINE, "healthy"),
        Example(
            "another", replace(MACHINE, users=(*MACHINE.users, altered(ALICE, name="toor", uid=0))), "unhealthy", "toor"
        ),
        Example("unread", replace(MACHINE, unread={"users": "permission denied"}), "unknown", "permission denied"),
    ),
)
