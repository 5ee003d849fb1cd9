"""Machines that take IPv6 routes from whoever offers them.

Any neighbour can become their gateway.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"net.ipv6.conf.all.accept_ra": ("0",), "net.ipv6.conf.default.accept_ra": ("0",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("advertisements are ignored", "advertisements are taken"))


CHECK = Check(
    title="Machines should not take IPv6 router advertisements",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.kernel.org/networking/ip-sysctl.html",
    evaluate=evaluate,
    fix=fixing.sysctl(
        "router-adverts-accepted",
        *(f"{name} = {values[0]}" for name, values in WANTED.items()),
        impact="Where addresses come from router advertisements, IPv6 stops working: set static addresses first.",
    ),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "net.ipv6.conf.all.accept_ra": "1"}),
            "unhealthy",
            "net.ipv6.conf.all.accept_ra is set to 1",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unhealthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example(
            "IPv6 is off",
            replace(MACHINE, sysctl={"net.ipv6.conf.all.disable_ipv6": "1"}),
            "not_applicable",
            "IPv6 is off",
        ),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
