"""Machines that do not log packets with impossible addresses.

Spoofing on the network leaves no trace.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"net.ipv4.conf.all.log_martians": ("1",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("impossible addresses are logged", "impossible addresses are not logged"))


CHECK = Check(
    title="Machines should log packets with impossible addresses",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.kernel.org/networking/ip-sysctl.html",
    evaluate=evaluate,
    fix=fixing.sysctl("martians-not-logged", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "net.ipv4.conf.all.log_martians": "0"}),
            "unhealthy",
            "net.ipv4.conf.all.log_martians is set to 0",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unhealthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
