"""SSH servers that take many guesses on one connection.

Each connection may try this many credentials before it is cut, so guessing is faster and quieter.
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
    return ssh.require(machine, "maxauthtries", ssh.at_most(4), ("few tries are allowed", "many tries are allowed"))


CHECK = Check(
    title="SSH servers should cut a connection after four failed tries",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("MaxAuthTries 4"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"maxauthtries": "6"})),
            "unhealthy",
            "many tries are allowed",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"maxauthtries": "4"},
                    matches=(
                        SshMatch(
                            criteria="User deploy", settings={"maxauthtries": "6"}, place="/etc/ssh/sshd_config:99"
                        ),
                    ),
                ),
            ),
            "unhealthy",
            "for User deploy",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
