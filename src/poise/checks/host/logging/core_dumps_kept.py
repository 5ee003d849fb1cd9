"""Machines that write the memory of programs to disk when they crash.

Keys and passwords that were in it lie there in the clear.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    limits = [" ".join(line.split()) for line in machine.logging.limits]
    storage = machine.logging.coredump.get("storage", "external").lower()
    if "* hard core 0" in limits or "* - core 0" in limits or storage == "none":
        return healthy("no core dump is kept", {"limits": limits[:5], "storage": storage})
    return unhealthy("programs may leave core dumps: no limit forbids it", {"limits": limits[:5], "storage": storage})


CHECK = Check(
    title="Core dumps should be off",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.freedesktop.org/software/systemd/man/latest/coredump.conf.html",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/security/limits.d/10-core.conf", "* hard core 0", "true"),
    examples=(
        Example("off", MACHINE, "healthy"),
        Example("by limits alone", replace(MACHINE, logging=altered(MACHINE.logging, coredump={})), "healthy"),
        Example(
            "kept",
            replace(MACHINE, logging=altered(MACHINE.logging, coredump={}, limits=())),
            "unhealthy",
            "may leave core dumps",
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"logging": "permission denied"}), "unknown", "permission denied"),
    ),
)
