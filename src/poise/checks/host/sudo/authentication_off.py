"""Machines whose sudo asks nobody who they are.

Any program of a user who may use sudo is root.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.accounts import SudoDefault, Sudoers
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import sudo
from poise.policy.host.systems import on_linux

SUDO = Sudoers(rules=(), defaults=(), not_understood=())


@on_linux
def evaluate(machine: Machine) -> Verdict:
    if machine.sudo is None:
        return not_applicable("there is no sudo")

    stated = sudo.options(machine.sudo, "authenticate").values()
    found = [each.place for each in stated if each.value == "false"]
    if found:
        return unhealthy("sudo does not ask for a password", found)
    if machine.sudo.not_understood:
        return unknown("a line of sudoers could not be understood", list(machine.sudo.not_understood))
    return healthy("sudo asks for a password")


CHECK = Check(
    title="sudo should ask for a password",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://www.sudo.ws/docs/man/sudoers.man/",
    evaluate=evaluate,
    fix=fixing.by_command("visudo", "take !authenticate out"),
    examples=(
        Example("on", MACHINE, "healthy"),
        Example(
            "off",
            replace(
                MACHINE,
                sudo=altered(
                    SUDO, defaults=(SudoDefault(scope="", name="authenticate", value="false", place="/etc/sudoers:9"),)
                ),
            ),
            "unhealthy",
            "does not ask",
        ),
        Example("no sudo", replace(MACHINE, sudo=None), "not_applicable"),
        Example(
            "off and on again",
            replace(
                MACHINE,
                sudo=altered(
                    SUDO,
                    defaults=(
                        SudoDefault(scope="", name="authenticate", value="false", place="/etc/sudoers:9"),
                        SudoDefault(scope="", name="authenticate", value="true", place="/etc/sudoers.d/10:1"),
                    ),
                ),
            ),
            "healthy",
        ),
        Example("unread", replace(MACHINE, unread={"sudo": "permission denied"}), "unknown", "permission denied"),
    ),
)
