"""SSH servers that trust other hosts to name their users.

Whoever is root on a trusted host can be any user here, with no credential of their own.
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
        "hostbasedauthentication",
        ssh.one_of("no"),
        ("a host alone opens no account", "users are trusted because of their host"),
    )


CHECK = Check(
    title="SSH servers should not trust users because of their host",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("HostbasedAuthentication no"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(
                MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"hostbasedauthentication": "yes"})
            ),
            "unhealthy",
            "users are trusted because",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"hostbasedauthentication": "no"},
                    matches=(
                        SshMatch(
                            criteria="User deploy",
                            settings={"hostbasedauthentication": "yes"},
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
