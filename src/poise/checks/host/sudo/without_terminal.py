"""Machines whose sudo runs programs outside of a terminal of their own.

A program that it ran can stay behind and type into the user's terminal later.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.accounts import SudoDefault, Sudoers
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import sudo
from poise.policy.host.systems import on_own_kernel

SUDO = Sudoers(rules=(), defaults=(), not_understood=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if machine.sudo is None:
        return not_applicable("there is no sudo")

    stated = sudo.options(machine.sudo, "use_pty").get("")
    if stated is None:
        return unknown("sudoers does not say, and sudo does so by itself from version 1.9.14 on")
    if stated.value != "true":
        return unhealthy("programs get no terminal of their own", stated.place)
    return healthy("programs get a terminal of their own")


CHECK = Check(
    title="sudo should run programs in a terminal of their own",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.sudo.ws/docs/man/sudoers.man/",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/sudoers.d/10-pty", "Defaults use_pty", "visudo -c"),
    examples=(
        Example("on", MACHINE, "healthy"),
        Example(
            "off",
            replace(
                MACHINE,
                sudo=altered(
                    SUDO, defaults=(SudoDefault(scope="", name="use_pty", value="false", place="/etc/sudoers:9"),)
                ),
            ),
            "unhealthy",
            "no terminal",
        ),
        Example("not set", replace(MACHINE, sudo=SUDO), "unknown", "1.9.14"),
        Example("no sudo", replace(MACHINE, sudo=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sudo": "permission denied"}), "unknown", "permission denied"),
    ),
)
