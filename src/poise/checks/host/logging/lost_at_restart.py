"""Machines whose log is lost when they restart.

An intruder who restarts the machine takes the trace away.
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
    storage = machine.logging.journald.get("storage", "auto").lower()
    if storage == "persistent" or machine.logging.rsyslog_starts:
        return healthy("logs are kept on disk", storage)
    if storage == "auto" and machine.logging.rsyslog_starts is None:
        return unknown("it could not be told whether rsyslog starts", storage)
    return unhealthy(f"the journal's storage is {storage}, and rsyslog does not start", storage)


CHECK = Check(
    title="Logs should outlive a restart",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.freedesktop.org/software/systemd/man/latest/journald.conf.html",
    evaluate=evaluate,
    fix=fixing.in_file(
        "/etc/systemd/journald.conf.d/10-storage.conf",
        "[Journal]\nStorage=persistent",
        "systemctl restart systemd-journald",
    ),
    examples=(
        Example("kept", MACHINE, "healthy"),
        Example(
            "in memory",
            replace(MACHINE, logging=altered(MACHINE.logging, journald={"storage": "volatile"}, rsyslog_starts=False)),
            "unhealthy",
            "volatile",
        ),
        Example("by rsyslog", replace(MACHINE, logging=altered(MACHINE.logging, journald={})), "healthy"),
        Example(
            "not told",
            replace(MACHINE, logging=altered(MACHINE.logging, journald={}, rsyslog_starts=None)),
            "unknown",
            "could not be told",
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"logging": "permission denied"}), "unknown", "permission denied"),
    ),
)
