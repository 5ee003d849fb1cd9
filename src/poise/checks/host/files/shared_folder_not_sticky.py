"""Folders that everybody may write and in which everybody may remove what others wrote.

A user can swap a file that a privileged program has just made.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host.systems import on_linux

STICKY = 0o1000


@on_linux
def evaluate(machine: Machine) -> Verdict:
    folders = [found.path for found in machine.world_writable if found.kind == "folder" and not found.mode & STICKY]
    if folders:
        return unhealthy(f"{folders[0]} is not sticky; {len(folders)} in all", folders[:20])
    return healthy("every shared folder is sticky")


CHECK = Check(
    title="Folders that everybody may write should be sticky",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man1/chmod.1.html",
    evaluate=evaluate,
    fix=fixing.by_command("chmod a+t PATH", "make the folder sticky"),
    examples=(
        Example("sticky", MACHINE, "healthy"),
        Example(
            "not sticky",
            replace(MACHINE, world_writable=(file_mode("/srv/drop", 0o777, "folder"),)),
            "unhealthy",
            "/srv/drop",
        ),
        Example(
            "unread", replace(MACHINE, unread={"world_writable": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
