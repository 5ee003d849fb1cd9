"""SSH servers that forward X11.

The display of whoever signs in is opened to everything on the server: a fallen server reads their keys and
screen.
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
    return ssh.require(machine, "x11forwarding", ssh.one_of("no"), ("X11 is not forwarded", "X11 is forwarded"))


CHECK = Check(
    title="SSH servers should not forward X11",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("X11Forwarding no"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"x11forwarding": "yes"})),
            "unhealthy",
            "X11 is forwarded",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"x11forwarding": "no"},
                    matches=(
                        SshMatch(
                            criteria="User deploy", settings={"x11forwarding": "yes"}, place="/etc/ssh/sshd_config:99"
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
