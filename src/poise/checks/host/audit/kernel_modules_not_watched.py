"""Machines whose audit log does not tell who loads drivers into the kernel.

A root kit is a driver.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import audit
from poise.policy.host.systems import on_own_kernel

WATCHED = ("init_module", "finit_module")
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if not machine.audit.installed:
        return not_applicable("auditd is not installed")
    missing = audit.unwatched_calls(machine.audit.rules, WATCHED)
    if missing:
        return unhealthy(f"no rule watches {missing[0]}", missing)
    return healthy("loading of modules is logged", list(WATCHED))


CHECK = Check(
    title="Loading of kernel modules should be in the audit log",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/auditctl.8.html",
    evaluate=evaluate,
    fix=fixing.in_file(
        "/etc/audit/rules.d/50-kernel-modules-not-watched.rules",
        "-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k kernel_modules",
        "augenrules --load",
    ),
    examples=(
        Example("watched", MACHINE, "healthy"),
        Example("not watched", replace(MACHINE, audit=altered(MACHINE.audit, rules=())), "unhealthy", "init_module"),
        Example("not installed", replace(MACHINE, audit=altered(MACHINE.audit, installed=False)), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"audit": "permission denied"}), "unknown", "permission denied"),
    ),
)
