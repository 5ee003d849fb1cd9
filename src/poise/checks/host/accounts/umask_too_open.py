"""Machines on which new files are open to other users.

Whatever a person or a service writes, anybody on the machine may read.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import ShellSetting
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel


def _is_closed(value: str) -> bool:
    if value.isdecimal():
        return int(value, 8) & 0o027 == 0o027 if not set(value) & set("89") else False
    parts = dict(part.split("=", 1) for part in value.split(",") if "=" in part)
    return not parts.get("o", "rwx") and "w" not in parts.get("g", "rwx")


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    stated = [(setting.value, setting.place) for setting in machine.shell_settings if setting.name == "umask"]
    default = machine.login_rules.login_defs.get("UMASK")
    stated += [(default, "/etc/login.defs")] if default else []
    if not stated:
        return unhealthy("no umask is set: it is 022")
    for value, place in stated:
        if not _is_closed(value):
            return unhealthy(f"umask {value} in {place} leaves files open to others", value)
    return healthy("new files are closed to others", [value for value, _ in stated])


CHECK = Check(
    title="New files should be closed to other users",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/login.defs.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("sed -i -E 's/^UMASK[[:space:]].*/UMASK 027/' /etc/login.defs", "set the umask"),
    examples=(
        Example("closed", MACHINE, "healthy"),
        Example(
            "open",
            replace(MACHINE, shell_settings=(ShellSetting(name="umask", value="022", place="/etc/profile:3"),)),
            "unhealthy",
            "/etc/profile:3",
        ),
        Example(
            "in words",
            replace(
                MACHINE, shell_settings=(ShellSetting(name="umask", value="u=rwx,g=rx,o=", place="/etc/profile:3"),)
            ),
            "healthy",
        ),
        Example(
            "set nowhere",
            replace(MACHINE, shell_settings=(), login_rules=altered(MACHINE.login_rules, login_defs={})),
            "unhealthy",
            "022",
        ),
        Example(
            "unread", replace(MACHINE, unread={"shell_settings": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
