"""Machines that show addresses of the kernel to everybody.

Randomised addresses protect nobody when they can be read.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {
    "kernel.kptr_restrict": (
        "1",
        "2",
    )
}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("addresses of the kernel are hidden", "addresses of the kernel are shown"))


CHECK = Check(
    title="Addresses of the kernel should be hidden",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/sysctl/kernel.html",
    evaluate=evaluate,
    fix=fixing.sysctl("kernel-addresses-shown", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "kernel.kptr_restrict": "0"}),
            "unhealthy",
            "kernel.kptr_restrict is set to 0",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unknown"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
