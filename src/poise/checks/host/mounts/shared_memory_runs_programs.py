"""Machines on which programs run from shared memory.

Programs there leave no trace on a disk.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel, Mount
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

POINTS = ("/dev/shm",)
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
    if not found and any(service.manager == "systemd" for service in machine.services):
        return unhealthy("systemd mounts /dev/shm without noexec where no line says otherwise")
    if not found:
        return unknown("no line says how /dev/shm is mounted")
    return healthy("nothing runs from shared memory", [mount.point for mount in found])


CHECK = Check(
    title="Nothing should run from shared memory",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/mount.8.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "mount -o remount,nodev,nosuid,noexec /dev/shm", "add the options in /etc/fstab, then remount"
    ),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "without",
            replace(
                MACHINE,
                mounts=(
                    Mount(device="/dev/x", point="/dev/shm", type="ext4", options=("defaults",), place="/etc/fstab:2"),
                ),
            ),
            "unhealthy",
            "nodev",
        ),
        Example("none", replace(MACHINE, mounts=()), "unhealthy", "systemd"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("neither line nor systemd", replace(MACHINE, mounts=(), services=()), "unknown"),
        Example("unread", replace(MACHINE, unread={"mounts": "permission denied"}), "unknown", "permission denied"),
    ),
)
