"""SSH servers that agree on keys with weak methods.

SHA-1 and small groups let a strong attacker who records today read the session later.
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

WEAK = frozenset({"diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1"})


@on_linux
def evaluate(machine: Machine) -> Verdict:
    return ssh.refuse(machine, "kexalgorithms", WEAK, ("no weak method is accepted", "weak methods are accepted"))


CHECK = Check(
    title="SSH servers should refuse weak key exchange",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd(
        "KexAlgorithms -diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1"
    ),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"kexalgorithms": "curve25519-sha256,diffie-hellman-group1-sha1"},
                ),
            ),
            "unhealthy",
            "weak methods are accepted",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"kexalgorithms": "curve25519-sha256"},
                    matches=(
                        SshMatch(
                            criteria="User deploy",
                            settings={"kexalgorithms": "curve25519-sha256,diffie-hellman-group1-sha1"},
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
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"kexalgorithms": "-diffie-hellman-group1-sha1,diffie-hellman-group1-sha1"},
                ),
            ),
            "unknown",
            "own list",
        ),
        Example(
            "weak ones added",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER, settings=SSH_SETTINGS | {"kexalgorithms": "+diffie-hellman-group1-sha1"}
                ),
            ),
            "unhealthy",
            "diffie-hellman-group1-sha1",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
