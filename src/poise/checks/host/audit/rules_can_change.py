"""Machines whose audit rules can be changed while they run.

Whoever becomes root switches the log off first.
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
    if not machine.audit.installed:
        return not_applicable("auditd is not installed")
    switches = [rule.split() for rule in machine.audit.rules if rule.startswith("-e")]
    if not switches or switches[-1][-1] != "2":
        return unhealthy("root may change the rules", switches)
    return healthy("the rules hold until the next start")


CHECK = Check(
    title="Audit rules should hold until the next start",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/auditctl.8.html",
    evaluate=evaluate,
    fix=fixing.in_file(
        "/etc/audit/rules.d/99-finalize.rules",
        "-e 2",
        "augenrules --load",
        "Changes of rules need a restart of the machine.",
    ),
    examples=(
        Example("fixed", MACHINE, "healthy"),
        Example("open", replace(MACHINE, audit=altered(MACHINE.audit, rules=("-e 1",))), "unhealthy", "may change"),
        Example("not stated", replace(MACHINE, audit=altered(MACHINE.audit, rules=())), "unhealthy", "may change"),
        Example("not installed", replace(MACHINE, audit=altered(MACHINE.audit, installed=False)), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"audit": "permission denied"}), "unknown", "permission denied"),
    ),
)
