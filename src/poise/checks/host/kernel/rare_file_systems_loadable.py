"""Machines that load drivers of file systems which nobody uses any more.

A prepared disk or file makes such a driver run, and these are looked at least for errors.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import KERNEL_MODULES
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

MODULES = (
    "cramfs",
    "freevxfs",
    "hfs",
    "hfsplus",
    "jffs2",
)
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.keep_out(machine, MODULES, "rare file systems cannot be loaded")


CHECK = Check(
    title="Drivers of rare file systems should be off",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/modprobe.d.5.html",
    evaluate=evaluate,
    fix=fixing.in_file(
        f"/etc/modprobe.d/{MODULES[0]}.conf", "\n".join(f"install {name} /bin/false" for name in MODULES), "depmod -a"
    ),
    examples=(
        Example("none loads", MACHINE, "healthy"),
        Example(
            "one loads",
            replace(MACHINE, kernel_modules=altered(KERNEL_MODULES, disabled=MODULES[1:])),
            "unhealthy",
            MODULES[0],
        ),
        Example(
            "none is there",
            replace(MACHINE, kernel_modules=altered(KERNEL_MODULES, disabled=(), present=())),
            "healthy",
            "cannot be loaded",
        ),
        Example(
            "part of the kernel",
            replace(MACHINE, kernel_modules=altered(KERNEL_MODULES, built_in=MODULES[:1])),
            "unhealthy",
            "part of the kernel",
        ),
        Example(
            "kernels elsewhere",
            replace(MACHINE, kernel_modules=altered(KERNEL_MODULES, disabled=(), present=None)),
            "unknown",
            "not known",
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example(
            "unread", replace(MACHINE, unread={"kernel_modules": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
