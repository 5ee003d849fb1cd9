"""SSH servers that go around PAM.

Lock-outs, expiry and second factors that PAM asks for do not hold for those who come by SSH.
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
    return ssh.require(machine, "usepam", ssh.one_of("yes"), ("PAM is used", "PAM is not used"))


CHECK = Check(
    title="SSH servers should use PAM",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("UsePAM yes"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"usepam": "no"})),
            "unhealthy",
            "PAM is not used",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"usepam": "yes"},
                    matches=(
                        SshMatch(criteria="User deploy", settings={"usepam": "no"}, place="/etc/ssh/sshd_config:99"),
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
