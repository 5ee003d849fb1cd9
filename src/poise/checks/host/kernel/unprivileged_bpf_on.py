"""Machines on which every user may load programs into the kernel.

The verifier that should keep them harmless has had many holes.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {
    "kernel.unprivileged_bpf_disabled": (
        "1",
        "2",
    )
}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("only root loads programs", "every user may load programs"))


CHECK = Check(
    title="Only root should load programs into the kernel",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/sysctl/kernel.html",
    evaluate=evaluate,
    fix=fixing.sysctl("unprivileged-bpf-on", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "kernel.unprivileged_bpf_disabled": "0"}),
            "unhealthy",
            "kernel.unprivileged_bpf_disabled is set to 0",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unknown"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
