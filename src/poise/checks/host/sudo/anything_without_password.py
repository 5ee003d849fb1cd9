"""Users who become root without a password.

Any program that runs as them, a fallen service or a browser, is root.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.accounts import Sudoers, SudoRule
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import sudo
from poise.policy.host.systems import on_linux

SUDO = Sudoers(rules=(), defaults=(), not_understood=())
FREE = SudoRule(
    users=("alice",),
    hosts=("ALL",),
    run_as=("ALL",),
    run_as_groups=(),
    tags=("NOPASSWD",),
    commands=("ALL",),
    place="/etc/sudoers.d/x:1",
)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    if machine.sudo is None:
        return not_applicable("there is no sudo")
    for rule in sudo.without_password(machine.sudo):
        return unhealthy(f"{', '.join(rule.users)} may run anything without a password", rule.place)
    if machine.sudo.not_understood:
        return unknown("a line of sudoers could not be understood", list(machine.sudo.not_understood))
    return healthy("a password is asked for")


CHECK = Check(
    title="Nobody should become root without a password",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://www.sudo.ws/docs/man/sudoers.man/",
    evaluate=evaluate,
    fix=fixing.by_command("visudo -f FILE", "take NOPASSWD out of the rule, or name the commands"),
    examples=(
        Example("asked", MACHINE, "healthy"),
        Example("not asked", replace(MACHINE, sudo=altered(SUDO, rules=(FREE,))), "unhealthy", "alice"),
        Example(
            "for one command",
            replace(MACHINE, sudo=altered(SUDO, rules=(altered(FREE, commands=("/usr/bin/systemctl restart web",)),))),
            "healthy",
        ),
        Example(
            "as the database's user only",
            replace(MACHINE, sudo=altered(SUDO, rules=(altered(FREE, run_as=("postgres",)),))),
            "healthy",
        ),
        Example(
            "a later rule asks",
            replace(MACHINE, sudo=altered(SUDO, rules=(FREE, altered(FREE, tags=(), users=("ALL",))))),
            "healthy",
        ),
        Example(
            "an earlier rule asks",
            replace(MACHINE, sudo=altered(SUDO, rules=(altered(FREE, tags=()), FREE))),
            "unhealthy",
            "alice",
        ),
        Example("root", replace(MACHINE, sudo=altered(SUDO, rules=(altered(FREE, users=("root",)),))), "healthy"),
        Example(
            "a line not understood",
            replace(MACHINE, sudo=altered(SUDO, not_understood=("/etc/sudoers:3",))),
            "unknown",
            "could not be understood",
        ),
        Example("no sudo", replace(MACHINE, sudo=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sudo": "permission denied"}), "unknown", "permission denied"),
    ),
)
