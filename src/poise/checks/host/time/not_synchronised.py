"""Machines whose clock nobody sets.

Their logs cannot be laid beside those of others, and certificates and tickets fail.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

(SYNC,) = MACHINE.time_sync
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    running = [one for one in machine.time_sync if one.starts]
    if running:
        return healthy(f"{running[0].program} sets the clock", [one.program for one in running])
    if any(one.starts is None for one in machine.time_sync):
        return unknown("it could not be told whether the clock is set", [one.program for one in machine.time_sync])
    return unhealthy("no program sets the clock", [one.program for one in machine.time_sync])


CHECK = Check(
    title="Clocks should be synchronised",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://chrony-project.org/doc/latest/chrony.conf.html",
    evaluate=evaluate,
    fix=fixing.by_command("apt-get install -y chrony\nsystemctl enable --now chrony", "install and start chrony"),
    examples=(
        Example("set", MACHINE, "healthy"),
        Example("off", replace(MACHINE, time_sync=(altered(SYNC, starts=False),)), "unhealthy", "no program"),
        Example("none", replace(MACHINE, time_sync=()), "unhealthy", "no program"),
        Example("not told", replace(MACHINE, time_sync=(altered(SYNC, starts=None),)), "unknown", "could not be told"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"time_sync": "permission denied"}), "unknown", "permission denied"),
    ),
)
