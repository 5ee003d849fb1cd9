"""Machines whose kernel log everybody may read.

It tells addresses and hardware that make an attack on the kernel easier.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"kernel.dmesg_restrict": ("1",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("only root reads the kernel log", "everybody may read the kernel log"))


CHECK = Check(
    title="The kernel log should be readable by root only",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/sysctl/kernel.html",
    evaluate=evaluate,
    fix=fixing.sysctl("kernel-log-readable", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "kernel.dmesg_restrict": "0"}),
            "unhealthy",
            "kernel.dmesg_restrict is set to 0",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unknown"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
