"""SSH servers that let every account in.

Accounts of services, and accounts that were forgotten, can be signed in to as soon as someone has a credential
of theirs.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import SSH_SERVER, SSH_SETTINGS
from poise.policy.host.systems import on_linux

LIMITS = ("allowusers", "allowgroups", "denyusers", "denygroups")


@on_linux
def evaluate(machine: Machine) -> Verdict:
    server = machine.ssh_server
    if server is None:
        return not_applicable("there is no SSH server")
    limits = {name: server.settings[name] for name in LIMITS if server.settings.get(name)}
    if not limits:
        return unhealthy("every account may sign in")
    return healthy("accounts are limited", limits)


CHECK = Check(
    title="SSH servers should say who may sign in",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("AllowGroups ssh-users", "Put yourself into the group first: `usermod -aG ssh-users NAME`."),
    examples=(
        Example("a group", MACHINE, "healthy"),
        Example(
            "everybody",
            replace(
                MACHINE,
                ssh_server=altered(SSH_SERVER, settings={k: v for k, v in SSH_SETTINGS.items() if k != "allowgroups"}),
            ),
            "unhealthy",
            "every account",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
