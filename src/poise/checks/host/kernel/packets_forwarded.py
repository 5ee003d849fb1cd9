"""Machines that pass packets on.

A machine in two networks that forwards is a way around the firewall between them.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"net.ipv4.ip_forward": ("0",), "net.ipv6.conf.all.forwarding": ("0",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("packets are not forwarded", "packets are forwarded"))


CHECK = Check(
    title="Machines should not forward packets",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/networking/ip-sysctl.html",
    evaluate=evaluate,
    fix=fixing.sysctl(
        "packets-forwarded",
        *(f"{name} = {values[0]}" for name, values in WANTED.items()),
        impact="Routers, and hosts of containers and virtual machines, have to forward: exempt them.",
    ),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "net.ipv4.ip_forward": "1"}),
            "unhealthy",
            "net.ipv4.ip_forward is set to 1",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "healthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
