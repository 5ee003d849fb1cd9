"""SSH servers that read rhosts files of their users.

Such a file lets its owner open the account to whole hosts, and survives in forgotten home folders.
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
        "ignorerhosts",
        ssh.one_of("yes", "shosts-only"),
        ("rhosts files are ignored", "rhosts files of users count"),
    )


CHECK = Check(
    title="SSH servers should ignore rhosts files",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("IgnoreRhosts yes"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"ignorerhosts": "no"})),
            "unhealthy",
            "rhosts files of users cou",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"ignorerhosts": "yes"},
                    matches=(
                        SshMatch(
                            criteria="User deploy", settings={"ignorerhosts": "no"}, place="/etc/ssh/sshd_config:99"
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
