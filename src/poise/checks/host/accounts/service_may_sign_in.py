"""Accounts of services that can sign in.

A service needs no shell; whoever finds a credential of it gets one.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

FIRST_PERSON = 1000
SPECIAL = frozenset({"sync", "shutdown", "halt"})
CLOSED = ("/nologin", "/false")
ALICE = MACHINE.users[-1]


@on_linux
def evaluate(machine: Machine) -> Verdict:
    stated = machine.login_rules.login_defs.get("UID_MIN", "")
    first_person = int(stated) if stated.isdecimal() else FIRST_PERSON
    found = [
        user.name
        for user in machine.users
        if 0 < user.uid < first_person and user.name not in SPECIAL and not user.shell.endswith(CLOSED)
    ]
    if found:
        return unhealthy(f"{found[0]} has a shell", found)
    return healthy("no account of a service has a shell")


CHECK = Check(
    title="Accounts of services should have no shell",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/nologin.8.html",
    evaluate=evaluate,
    fix=fixing.by_command("usermod -s /usr/sbin/nologin USER", "take the shell away"),
    examples=(
        Example("none", MACHINE, "healthy"),
        Example("one", replace(MACHINE, users=(altered(ALICE, name="backup", uid=34),)), "unhealthy", "backup"),
        Example(
            "empty shell is /bin/sh",
            replace(MACHINE, users=(altered(ALICE, name="backup", uid=34, shell=""),)),
            "unhealthy",
            "backup",
        ),
        Example("sync", replace(MACHINE, users=(altered(ALICE, name="sync", uid=4, shell="/bin/sync"),)), "healthy"),
        Example("unread", replace(MACHINE, unread={"users": "permission denied"}), "unknown", "permission denied"),
    ),
)
