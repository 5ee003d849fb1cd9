"""Machines whose programs lie at known addresses.

An error in memory handling becomes running code much more easily.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"kernel.randomize_va_space": ("2",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("addresses are random", "addresses are not fully random"))


CHECK = Check(
    title="Machines should place programs at random addresses",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/sysctl/kernel.html",
    evaluate=evaluate,
    fix=fixing.sysctl("address-space-not-random", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "kernel.randomize_va_space": "0"}),
            "unhealthy",
            "kernel.randomize_va_space is set to 0",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "healthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
