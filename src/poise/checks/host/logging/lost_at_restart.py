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

WRITERS = frozenset({"syslog-ng", "syslog", "sysklogd", "metalog"})
"""Services that write logs to disk, besides rsyslog."""
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    storage = machine.logging.journald.get("storage", "auto").lower()
    others = [one.name for one in machine.services if one.name.partition(".")[0] in WRITERS]
    if storage == "persistent" or machine.logging.rsyslog_starts or others:
        return healthy("logs are kept on disk", others or storage)
    if storage == "auto":
        return unknown(
            "the journal is kept if /var/log/journal is there, and whether rsyslog starts is not known", storage
        )
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
            "/var/log/journal",
        ),
        Example(
            "by the journal's own choice",
            replace(MACHINE, logging=altered(MACHINE.logging, journald={}, rsyslog_starts=False)),
            "unknown",
            "/var/log/journal",
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"logging": "permission denied"}), "unknown", "permission denied"),
    ),
)
