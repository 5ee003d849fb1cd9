"""Users whose first group does not exist.

The next group that gets the number holds them without anyone meaning it.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    known = {group.gid for group in machine.groups}
    found = [user.name for user in machine.users if user.gid not in known]
    if found:
        return unhealthy(f"the group of {found[0]} does not exist", found)
    return healthy("every user has a group that exists")


CHECK = Check(
    title="The first group of each user should exist",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/passwd.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("groupadd -g NUMBER GROUP", "make the group, or give the user another"),
    examples=(
        Example("all there", MACHINE, "healthy"),
        Example("missing", replace(MACHINE, groups=()), "unhealthy", "root"),
        Example("groups unread", replace(MACHINE, unread={"groups": "cut off"}), "unknown", "cut off"),
        Example("unread", replace(MACHINE, unread={"users": "permission denied"}), "unknown", "permission denied"),
    ),
)
