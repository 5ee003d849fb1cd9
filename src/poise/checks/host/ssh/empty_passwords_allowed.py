"""SSH servers that let accounts with an empty password in.

Whoever knows or guesses the name of such an account is signed in.
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
    return ssh.require(
        machine,
        "permitemptypasswords",
        ssh.one_of("no"),
        ("empty passwords are refused", "empty passwords are accepted"),
    )


CHECK = Check(
    title="SSH servers should refuse empty passwords",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("PermitEmptyPasswords no"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"permitemptypasswords": "yes"})),
            "unhealthy",
            "empty passwords are accep",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"permitemptypasswords": "no"},
                    matches=(
                        SshMatch(
                            criteria="User deploy",
                            settings={"permitemptypasswords": "yes"},
                            place="/etc/ssh/sshd_config:99",
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
