"""Machines whose sudo keeps no log of its own.

What was done as root is mixed into other lines, or lost.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.accounts import Sudoers
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

SUDO = Sudoers(rules=(), defaults=(), not_understood=())


@on_linux
def evaluate(machine: Machine) -> Verdict:
    if machine.sudo is None:
        return not_applicable("there is no sudo")

    found = [each.value for each in machine.sudo.defaults if each.name in ("logfile", "log_output", "log_server")]
    if not found:
        return unhealthy("sudo writes no log of its own")
    return healthy("sudo writes a log of its own", found)


CHECK = Check(
    title="sudo should write a log of its own",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.sudo.ws/docs/man/sudoers.man/",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/sudoers.d/10-log", "Defaults logfile=/var/log/sudo.log", "visudo -c"),
    examples=(
        Example("written", MACHINE, "healthy"),
        Example("not written", replace(MACHINE, sudo=SUDO), "unhealthy", "no log"),
        Example("no sudo", replace(MACHINE, sudo=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sudo": "permission denied"}), "unknown", "permission denied"),
    ),
)
