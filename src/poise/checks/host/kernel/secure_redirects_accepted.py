"""Machines that follow ICMP redirects from their gateways.

A gateway that has fallen, or whose address is spoofed, can lead all traffic astray.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"net.ipv4.conf.all.secure_redirects": ("0",), "net.ipv4.conf.default.secure_redirects": ("0",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("redirects of gateways are ignored", "redirects of gateways are followed"))


CHECK = Check(
    title="Machines should not follow redirects of gateways",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.kernel.org/networking/ip-sysctl.html",
    evaluate=evaluate,
    fix=fixing.sysctl("secure-redirects-accepted", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "net.ipv4.conf.default.secure_redirects": "1"}),
            "unhealthy",
            "net.ipv4.conf.default.secure_redirects is set to 1",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unhealthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
