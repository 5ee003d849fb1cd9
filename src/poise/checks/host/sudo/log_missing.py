"""Machines whose sudo keeps no log of its own.

What was done as root is mixed into other lines, or lost.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.accounts import SudoDefault, Sudoers
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import sudo
from poise.policy.host.systems import on_own_kernel

LOGS = ("logfile", "log_output", "log_servers")
SUDO = Sudoers(rules=(), defaults=(), not_understood=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if machine.sudo is None:
        return not_applicable("there is no sudo")

    stated = [each for name in LOGS for each in sudo.options(machine.sudo, name).values()]
    found = [each.value for each in stated if each.value != "false"]
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
        Example(
            "switched off",
            replace(
                MACHINE,
                sudo=altered(
                    SUDO, defaults=(SudoDefault(scope="", name="log_output", value="false", place="/etc/sudoers:9"),)
                ),
            ),
            "unhealthy",
            "no log",
        ),
        Example("unread", replace(MACHINE, unread={"sudo": "permission denied"}), "unknown", "permission denied"),
    ),
)
