"""Lists of who may schedule commands that others may write.

Whoever writes them lets themselves in.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host import files
from poise.policy.host.systems import on_own_kernel

PATHS = (
    "/etc/cron.allow",
    "/etc/cron.deny",
    "/etc/at.allow",
    "/etc/at.deny",
)


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return files.require(machine, PATHS, 0o640)


CHECK = Check(
    title="Lists of who may schedule commands should belong to root",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/passwd.5.html",
    evaluate=evaluate,
    fix=fixing.mode("/etc/cron.allow", "0640"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example("too open", replace(MACHINE, file_modes=(file_mode("/etc/cron.allow", 0o666),)), "unhealthy", "0666"),
        Example(
            "not root's",
            replace(MACHINE, file_modes=(altered(file_mode("/etc/cron.allow", 0o640), uid=1000),)),
            "unhealthy",
            "user 1000",
        ),
        Example(
            "another group's",
            replace(MACHINE, file_modes=(file_mode("/etc/cron.allow", 0o640 & 0o640, gid=1000),)),
            "unhealthy",
        ),
        Example("not there", replace(MACHINE, file_modes=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"file_modes": "permission denied"}), "unknown", "permission denied"),
    ),
)
