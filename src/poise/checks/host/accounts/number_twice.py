"""Users that share a number.

They are one user to the kernel: each owns the files of the other.
"""

from collections import Counter

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

ALICE = MACHINE.users[-1]


@on_linux
def evaluate(machine: Machine) -> Verdict:
    counts = Counter(user.uid for user in machine.users)
    found = sorted(user.name for user in machine.users if counts[user.uid] > 1)
    if found:
        return unhealthy(f"{', '.join(found)} share a number", found)
    return healthy("no two users share a number")


CHECK = Check(
    title="Users should not share a number",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/passwd.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("usermod -u NUMBER USER", "give each account a number of its own"),
    examples=(
        Example("each its own", MACHINE, "healthy"),
        Example("shared", replace(MACHINE, users=(*MACHINE.users, altered(ALICE, name="bob"))), "unhealthy", "alice"),
        Example("unread", replace(MACHINE, unread={"users": "permission denied"}), "unknown", "permission denied"),
    ),
)
