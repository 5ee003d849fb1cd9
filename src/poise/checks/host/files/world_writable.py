"""Files that everybody may write.

Any user, and any fallen service, can change them, and whoever runs or reads them is deceived.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    files = [found.path for found in machine.world_writable if found.kind == "file"]
    if files:
        return unhealthy(f"{files[0]} can be written by everybody; {len(files)} in all", files[:20])
    return healthy("no file can be written by everybody")


CHECK = Check(
    title="Files should not be writable by everybody",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man1/chmod.1.html",
    evaluate=evaluate,
    fix=fixing.by_command("chmod o-w PATH", "take the right to write away from others"),
    examples=(
        Example("none", MACHINE, "healthy"),
        Example("one", replace(MACHINE, world_writable=(file_mode("/opt/run.sh", 0o777),)), "unhealthy", "/opt/run.sh"),
        Example(
            "unread", replace(MACHINE, unread={"world_writable": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
