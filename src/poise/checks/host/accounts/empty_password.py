"""Accounts that ask for no password.

Anyone who reaches a sign-in is that user.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import password
from poise.policy.host.systems import on_linux

ALICE = MACHINE.users[-1]


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [user.name for user in machine.users if user.password is not None and user.password.state == "empty"]
    if found:
        return unhealthy(f"{found[0]} has an empty password", found)
    if any(user.password is None for user in machine.users):
        return unknown("shadow was not read")
    return healthy("no password is empty")


CHECK = Check(
    title="Accounts should not have an empty password",
    asset=Machine,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/shadow.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("passwd -l USER", "lock the account"),
    examples=(
        Example("none", MACHINE, "healthy"),
        Example(
            "one", replace(MACHINE, users=(altered(ALICE, password=password("empty", None)),)), "unhealthy", "alice"
        ),
        Example("shadow not read", replace(MACHINE, users=(altered(ALICE, password=None),)), "unknown", "shadow"),
        Example("unread", replace(MACHINE, unread={"users": "permission denied"}), "unknown", "permission denied"),
    ),
)
