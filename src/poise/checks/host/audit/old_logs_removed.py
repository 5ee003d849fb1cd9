"""Machines that remove the audit log when it is full.

An intruder fills it with noise, and the trace is gone.
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
    action = machine.audit.settings.get("max_log_file_action", "rotate").lower()
    if action != "keep_logs":
        return unhealthy(f"a full log leads to: {action}", action)
    return healthy("full logs are kept", action)


CHECK = Check(
    title="Full audit logs should be kept",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/auditd.conf.5.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "sed -i 's/^max_log_file_action.*/max_log_file_action = keep_logs/' /etc/audit/auditd.conf", "keep full logs"
    ),
    examples=(
        Example("kept", MACHINE, "healthy"),
        Example(
            "rotated",
            replace(MACHINE, audit=altered(MACHINE.audit, settings={"max_log_file_action": "ROTATE"})),
            "unhealthy",
            "rotate",
        ),
        Example("not set", replace(MACHINE, audit=altered(MACHINE.audit, settings={})), "unhealthy", "rotate"),
        Example("not installed", replace(MACHINE, audit=altered(MACHINE.audit, installed=False)), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"audit": "permission denied"}), "unknown", "permission denied"),
    ),
)
