"""Machines whose sudo remembers a password for long.

Whoever sits down at the terminal in that time is root.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.accounts import SudoDefault, Sudoers
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import sudo
from poise.policy.host.systems import on_own_kernel

LONGEST_MIN = 15
SUDO = Sudoers(rules=(), defaults=(), not_understood=())


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if machine.sudo is None:
        return not_applicable("there is no sudo")

    for each in sudo.options(machine.sudo, "timestamp_timeout").values():
        if not _is_number(each.value) or not 0 <= float(each.value) <= LONGEST_MIN:
            return unhealthy(f"sudo asks again after {each.value} minutes", each.place)
    return healthy("sudo asks again within fifteen minutes")


CHECK = Check(
    title="sudo should ask again after fifteen minutes",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.sudo.ws/docs/man/sudoers.man/",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/sudoers.d/10-timeout", "Defaults timestamp_timeout=15", "visudo -c"),
    examples=(
        Example("default", MACHINE, "healthy"),
        Example(
            "long",
            replace(
                MACHINE,
                sudo=altered(
                    SUDO,
                    defaults=(SudoDefault(scope="", name="timestamp_timeout", value="120", place="/etc/sudoers:9"),),
                ),
            ),
            "unhealthy",
            "120",
        ),
        Example(
            "for ever",
            replace(
                MACHINE,
                sudo=altered(
                    SUDO,
                    defaults=(SudoDefault(scope="", name="timestamp_timeout", value="-1", place="/etc/sudoers:9"),),
                ),
            ),
            "unhealthy",
            "-1",
        ),
        Example("no sudo", replace(MACHINE, sudo=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sudo": "permission denied"}), "unknown", "permission denied"),
    ),
)
