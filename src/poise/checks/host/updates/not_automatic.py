"""Machines that do not install security updates by themselves.

Holes are used within days after they are known; people take weeks.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if machine.updates.automatic is None:
        return unknown("it could not be told whether updates install themselves")
    if machine.updates.automatic:
        return healthy("security updates install themselves", machine.updates.place)
    return unhealthy("security updates wait for someone", machine.updates.place)


CHECK = Check(
    title="Security updates should install themselves",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://wiki.debian.org/UnattendedUpgrades",
    evaluate=evaluate,
    fix=fixing.by_command(
        "apt-get install -y unattended-upgrades\ndpkg-reconfigure -f noninteractive unattended-upgrades",
        "let security updates install themselves",
    ),
    examples=(
        Example("automatic", MACHINE, "healthy"),
        Example("by hand", replace(MACHINE, updates=altered(MACHINE.updates, automatic=False)), "unhealthy", "wait"),
        Example(
            "not told",
            replace(MACHINE, updates=altered(MACHINE.updates, automatic=None)),
            "unknown",
            "could not be told",
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"updates": "permission denied"}), "unknown", "permission denied"),
    ),
)
