"""SSH servers that accept weak ciphers.

CBC modes, RC4 and 64-bit ciphers let someone on the way recover parts of a session.
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

WEAK = frozenset(
    {
        "3des-cbc",
        "aes128-cbc",
        "aes192-cbc",
        "aes256-cbc",
        "blowfish-cbc",
        "cast128-cbc",
        "arcfour",
        "arcfour128",
        "arcfour256",
        "rijndael-cbc@lysator.liu.se",
    }
)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    return ssh.refuse(machine, "ciphers", WEAK, ("no weak cipher is accepted", "weak ciphers are accepted"))


CHECK = Check(
    title="SSH servers should refuse weak ciphers",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("Ciphers -3des-cbc,aes128-cbc,aes192-cbc,aes256-cbc"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(
                MACHINE,
                ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"ciphers": "aes256-gcm@openssh.com,3des-cbc"}),
            ),
            "unhealthy",
            "weak ciphers are accepted",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"ciphers": "aes256-gcm@openssh.com"},
                    matches=(
                        SshMatch(
                            criteria="User deploy",
                            settings={"ciphers": "aes256-gcm@openssh.com,3des-cbc"},
                            place="/etc/ssh/sshd_config:99",
                        ),
                    ),
                ),
            ),
            "unhealthy",
            "for User deploy",
        ),
        Example(
            "weak ones taken away",
            replace(
                MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"ciphers": "-aes128-cbc,aes128-cbc"})
            ),
            "unknown",
            "own list",
        ),
        Example(
            "weak ones added",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"ciphers": "+aes128-cbc"})),
            "unhealthy",
            "aes128-cbc",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
