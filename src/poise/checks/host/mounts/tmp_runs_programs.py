"""Machines on which programs run from /tmp.

A service that was tricked into writing a file there runs it.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel, Mount
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

POINTS = ("/tmp",)
OPTIONS = (
    "nodev",
    "nosuid",
    "noexec",
)
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    found = [mount for mount in machine.mounts if mount.point in POINTS]
    for mount in found:
        lacking = [option for option in OPTIONS if option not in mount.options]
        if lacking:
            return unhealthy(f"{mount.point} is mounted without {', '.join(lacking)}", list(mount.options))
    missing = [point for point in POINTS if point not in {mount.point for mount in found}]
    if missing:
        return unhealthy(f"{missing[0]} is no file system of its own", missing)
    return healthy("nothing runs from /tmp", [mount.point for mount in found])


CHECK = Check(
    title="/tmp should be a file system from which nothing runs",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/mount.8.html",
    evaluate=evaluate,
    fix=fixing.by_command("mount -o remount,nodev,nosuid,noexec /tmp", "add the options in /etc/fstab, then remount"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "without",
            replace(
                MACHINE,
                mounts=(
                    Mount(device="/dev/x", point="/tmp", type="ext4", options=("defaults",), place="/etc/fstab:2"),
                ),
            ),
            "unhealthy",
            "nodev",
        ),
        Example("none", replace(MACHINE, mounts=()), "unhealthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"mounts": "permission denied"}), "unknown", "permission denied"),
    ),
)
