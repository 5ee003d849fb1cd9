"""Machines whose audit log does not tell when the record of sign-ins is changed.

An intruder takes their own line out.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import audit
from poise.policy.host.systems import on_own_kernel

WATCHED = ("/var/log/lastlog",)
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if not machine.audit.installed:
        return not_applicable("auditd is not installed")
    missing = audit.unwatched_paths(machine.audit.rules, WATCHED)
    if missing:
        return unhealthy(f"no rule watches {missing[0]}", missing)
    return healthy("changes of the record of sign-ins are logged", list(WATCHED))


CHECK = Check(
    title="Changes of the record of sign-ins should be in the audit log",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/auditctl.8.html",
    evaluate=evaluate,
    fix=fixing.in_file(
        "/etc/audit/rules.d/50-sign-ins-not-watched.rules", "-w /var/log/lastlog -p wa -k logins", "augenrules --load"
    ),
    examples=(
        Example("watched", MACHINE, "healthy"),
        Example(
            "not watched", replace(MACHINE, audit=altered(MACHINE.audit, rules=())), "unhealthy", "/var/log/lastlog"
        ),
        Example("not installed", replace(MACHINE, audit=altered(MACHINE.audit, installed=False)), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"audit": "permission denied"}), "unknown", "permission denied"),
    ),
)
