"""SSH servers that wait long for someone to sign in.

Connections that never sign in use up the places of those who would.
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

LONGEST_S = 60


def _is_short(text: str) -> bool:
    try:
        return 0 < ssh.seconds(text) <= LONGEST_S
    except ValueError:
        return False


@on_linux
def evaluate(machine: Machine) -> Verdict:
    return ssh.require(
        machine,
        "logingracetime",
        _is_short,
        ("connections that do not sign in are cut soon", "connections that do not sign in are kept"),
    )


CHECK = Check(
    title="SSH servers should wait at most a minute for a sign-in",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("LoginGraceTime 60"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"logingracetime": "0"})),
            "unhealthy",
            "connections that do not s",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"logingracetime": "60"},
                    matches=(
                        SshMatch(
                            criteria="User deploy", settings={"logingracetime": "0"}, place="/etc/ssh/sshd_config:99"
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
