"""Machines that write the memory of privileged programs to disk when they crash.

The dump holds what only root should see: password hashes, keys.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"fs.suid_dumpable": ("0",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("privileged programs leave no dump", "privileged programs leave dumps"))


CHECK = Check(
    title="Privileged programs should leave no core dumps",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/sysctl/fs.html",
    evaluate=evaluate,
    fix=fixing.sysctl("setuid-core-dumps", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "fs.suid_dumpable": "1"}),
            "unhealthy",
            "fs.suid_dumpable is set to 1",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "healthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
