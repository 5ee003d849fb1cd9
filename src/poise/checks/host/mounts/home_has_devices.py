"""Machines on which device files and setuid programs work in home folders.

A user who brings a file system in becomes root with it.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel, Mount
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

POINTS = ("/home",)
OPTIONS = (
    "nodev",
    "nosuid",
)
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    found = [mount for mount in machine.mounts if mount.point in POINTS]
    for mount in found:
        lacking = [option for option in OPTIONS if option not in mount.options]
        if lacking:
            return unhealthy(f"{mount.point} is mounted without {', '.join(lacking)}", list(mount.options))
    if not found:
        return not_applicable(f"{' and '.join(POINTS)} is no file system of its own")
    return healthy("devices and setuid programs do not work in home folders", [mount.point for mount in found])


CHECK = Check(
    title="Home folders should hold no devices and setuid programs",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/mount.8.html",
    evaluate=evaluate,
    fix=fixing.by_command("mount -o remount,nodev,nosuid /home", "add the options in /etc/fstab, then remount"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "without",
            replace(
                MACHINE,
                mounts=(
                    Mount(device="/dev/x", point="/home", type="ext4", options=("defaults",), place="/etc/fstab:2"),
                ),
            ),
            "unhealthy",
            "nodev",
        ),
        Example("none", replace(MACHINE, mounts=()), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"mounts": "permission denied"}), "unknown", "permission denied"),
    ),
)
