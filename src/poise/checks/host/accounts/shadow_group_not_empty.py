"""Users in the group that may read password hashes.

Each of them can take the hashes away and guess at leisure.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.accounts import Group
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

ALICE = MACHINE.users[-1]


@on_linux
def evaluate(machine: Machine) -> Verdict:
    group = next((group for group in machine.groups if group.name == "shadow"), None)
    if group is None:
        return not_applicable("there is no group shadow")
    members = [*group.members, *(user.name for user in machine.users if user.gid == group.gid)]
    if members:
        return unhealthy(f"{members[0]} may read password hashes", members)
    return healthy("nobody is in the group shadow")


CHECK = Check(
    title="Nobody should be in the group shadow",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/shadow.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("gpasswd -d USER shadow", "take the user out of the group"),
    examples=(
        Example("empty", MACHINE, "healthy"),
        Example(
            "a member",
            replace(MACHINE, groups=(Group(name="shadow", gid=42, members=("alice",)),)),
            "unhealthy",
            "alice",
        ),
        Example("as first group", replace(MACHINE, users=(altered(ALICE, gid=42),)), "unhealthy", "alice"),
        Example("no such group", replace(MACHINE, groups=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"groups": "permission denied"}), "unknown", "permission denied"),
    ),
)
