"""Files whose owner is no user of the machine.

The next account that gets the number owns them.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [mode.path for mode in machine.unowned]
    if found:
        return unhealthy(f"{found[0]} belongs to nobody; {len(found)} in all", found[:20])
    return healthy("every file belongs to someone")


CHECK = Check(
    title="Files should belong to a user and group that exist",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man1/find.1.html",
    evaluate=evaluate,
    fix=fixing.by_command("chown root:root PATH", "give the file an owner, or remove it"),
    examples=(
        Example("none", MACHINE, "healthy"),
        Example("one", replace(MACHINE, unowned=(file_mode("/opt/old", 0o644),)), "unhealthy", "/opt/old"),
        Example("unread", replace(MACHINE, unread={"unowned": "permission denied"}), "unknown", "permission denied"),
    ),
)
