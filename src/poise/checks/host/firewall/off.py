"""Machines whose packet filter is off.

Every service that listens is open to the whole network that it is in.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

(FILTER,) = MACHINE.firewalls
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    running = [filter.tool for filter in machine.firewalls if filter.starts]
    if running:
        return healthy(f"{running[0]} filters packets", running)
    if any(filter.starts is None for filter in machine.firewalls):
        return unknown("it could not be told whether the filter starts", [filter.tool for filter in machine.firewalls])
    return unhealthy("no packet filter starts", [filter.tool for filter in machine.firewalls])


CHECK = Check(
    title="Machines should run a packet filter",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://wiki.nftables.org/",
    evaluate=evaluate,
    fix=fixing.by_command(
        "systemctl enable --now nftables",
        "load the rules when the machine starts",
        "Allow SSH first, or you lock yourself out.",
    ),
    examples=(
        Example("on", MACHINE, "healthy"),
        Example("off", replace(MACHINE, firewalls=(altered(FILTER, starts=False),)), "unhealthy", "no packet filter"),
        Example("none", replace(MACHINE, firewalls=()), "unhealthy", "no packet filter"),
        Example(
            "not told", replace(MACHINE, firewalls=(altered(FILTER, starts=None),)), "unknown", "could not be told"
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"firewalls": "permission denied"}), "unknown", "permission denied"),
    ),
)
