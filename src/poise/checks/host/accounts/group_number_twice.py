"""Groups that share a number.

They are one group to the kernel: members of each may do what the other may.
"""

from collections import Counter

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.accounts import Group
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    counts = Counter(group.gid for group in machine.groups)
    found = sorted(group.name for group in machine.groups if counts[group.gid] > 1)
    if found:
        return unhealthy(f"{', '.join(found)} share a number", found)
    return healthy("no two groups share a number")


CHECK = Check(
    title="Groups should not share a number",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/group.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("groupmod -g NUMBER GROUP", "give each group a number of its own"),
    examples=(
        Example("each its own", MACHINE, "healthy"),
        Example(
            "shared",
            replace(MACHINE, groups=(*MACHINE.groups, Group(name="wheel", gid=27, members=()))),
            "unhealthy",
            "sudo, wheel",
        ),
        Example("unread", replace(MACHINE, unread={"groups": "permission denied"}), "unknown", "permission denied"),
    ),
)
