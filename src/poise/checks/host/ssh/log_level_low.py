"""SSH servers that log too little.

Which key opened an account, and who failed, is missing when an intrusion is looked into.
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
        "loglevel",
        ssh.one_of("info", "verbose"),
        ("sign-ins are logged", "sign-ins are not logged, or secrets are"),
    )


CHECK = Check(
    title="SSH servers should log sign-ins and the keys that were used",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("LogLevel VERBOSE"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"loglevel": "QUIET"})),
            "unhealthy",
            "sign-ins are not logged, ",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"loglevel": "INFO"},
                    matches=(
                        SshMatch(
                            criteria="User deploy", settings={"loglevel": "QUIET"}, place="/etc/ssh/sshd_config:99"
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
