"""Machines on which a process may read the memory of others of its user.

One fallen program takes keys and passwords out of all the others.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {
    "kernel.yama.ptrace_scope": (
        "1",
        "2",
        "3",
    )
}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("tracing is limited", "any process of a user may trace the others"))


CHECK = Check(
    title="Machines should limit tracing of processes",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/LSM/Yama.html",
    evaluate=evaluate,
    fix=fixing.sysctl("processes-traceable", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "kernel.yama.ptrace_scope": "0"}),
            "unhealthy",
            "kernel.yama.ptrace_scope is set to 0",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unknown"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
