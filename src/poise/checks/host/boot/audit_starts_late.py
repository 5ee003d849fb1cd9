"""Machines that log nothing of what happens before the audit log starts.

A program that starts early is not seen.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if not machine.boot.place:
        return not_applicable("there is no boot loader")
    if "audit=1" in machine.boot.arguments:
        return healthy("the start is logged", "audit=1")
    return unhealthy("the kernel starts without audit=1", list(machine.boot.arguments))


CHECK = Check(
    title="The audit log should cover the start of the machine",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/kernel-parameters.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&audit=1 /' /etc/default/grub\nupdate-grub", "start the kernel with audit=1"
    ),
    examples=(
        Example("from the start", MACHINE, "healthy"),
        Example("late", replace(MACHINE, boot=altered(MACHINE.boot, arguments=("ro",))), "unhealthy", "audit=1"),
        Example("no boot loader", replace(MACHINE, boot=altered(MACHINE.boot, place="")), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"boot": "permission denied"}), "unknown", "permission denied"),
    ),
)
