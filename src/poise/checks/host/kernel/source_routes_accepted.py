"""Machines that take packets which name their own route.

The sender chooses the way, and so reaches addresses that should not be reachable. An interface takes them only if
`all` does too, so `all` decides.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {
    "net.ipv4.conf.all.accept_source_route": ("0",),
    "net.ipv6.conf.all.accept_source_route": ("0", "-1"),
}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("source-routed packets are dropped", "source-routed packets are taken"))


CHECK = Check(
    title="Machines should drop source-routed packets",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/networking/ip-sysctl.html",
    evaluate=evaluate,
    fix=fixing.sysctl("source-routes-accepted", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "net.ipv4.conf.all.accept_source_route": "1"}),
            "unhealthy",
            "net.ipv4.conf.all.accept_source_route is set to 1",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "healthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
