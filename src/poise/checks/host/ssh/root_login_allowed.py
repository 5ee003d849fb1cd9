"""SSH servers that let root sign in.

Everybody tries root first: the name is known, and one guessed or leaked credential gives the whole machine.
Nobody can tell afterwards which person it was.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.ssh import SshMatch
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import SSH_SERVER, SSH_SETTINGS
from poise.policy.host import ssh
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    return ssh.require(machine, "permitrootlogin", ssh.one_of("no"), ("root may not sign in", "root may sign in"))


CHECK = Check(
    title="SSH servers should not let root sign in",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("PermitRootLogin no"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"permitrootlogin": "yes"})),
            "unhealthy",
            "root may sign in",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"permitrootlogin": "no"},
                    matches=(
                        SshMatch(
                            criteria="User deploy", settings={"permitrootlogin": "yes"}, place="/etc/ssh/sshd_config:99"
                        ),
                    ),
                ),
            ),
            "unhealthy",
            "for User deploy",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
        Example(
            "by key alone",
            replace(
                MACHINE,
                ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"permitrootlogin": "prohibit-password"}),
            ),
            "unhealthy",
            "root may sign in",
        ),
    ),
)
