"""Machines without the kernel's audit log.

After an intrusion nobody can tell which files and accounts were touched.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    audit = machine.audit
    if not audit.installed:
        return unhealthy("auditd is not installed")
    if audit.starts is None:
        return unknown("it could not be told whether auditd starts")
    return healthy("auditd starts") if audit.starts else unhealthy("auditd does not start")


CHECK = Check(
    title="Machines should keep the audit log",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/auditd.8.html",
    evaluate=evaluate,
    fix=fixing.by_command("apt-get install -y auditd\nsystemctl enable --now auditd", "install and start auditd"),
    examples=(
        Example("on", MACHINE, "healthy"),
        Example("off", replace(MACHINE, audit=altered(MACHINE.audit, starts=False)), "unhealthy", "does not start"),
        Example(
            "not installed",
            replace(MACHINE, audit=altered(MACHINE.audit, installed=False, starts=False)),
            "unhealthy",
            "not installed",
        ),
        Example(
            "not told", replace(MACHINE, audit=altered(MACHINE.audit, starts=None)), "unknown", "could not be told"
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"audit": "permission denied"}), "unknown", "permission denied"),
    ),
)
