"""SSH servers that accept weak message authentication.

MD5 and truncated or 64-bit tags can be forged more cheaply than they should.
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
        "hmac-md5",
        "hmac-md5-96",
        "hmac-ripemd160",
        "hmac-sha1-96",
        "umac-64@openssh.com",
        "hmac-md5-etm@openssh.com",
        "hmac-md5-96-etm@openssh.com",
        "hmac-ripemd160-etm@openssh.com",
        "hmac-sha1-96-etm@openssh.com",
        "umac-64-etm@openssh.com",
    }
)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    return ssh.refuse(machine, "macs", WEAK, ("no weak code is accepted", "weak codes are accepted"))


CHECK = Check(
    title="SSH servers should refuse weak message authentication",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("MACs -hmac-md5,hmac-md5-96,hmac-sha1-96,umac-64@openssh.com"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(
                MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"macs": "hmac-sha2-512,hmac-md5"})
            ),
            "unhealthy",
            "weak codes are accepted",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"macs": "hmac-sha2-512"},
                    matches=(
                        SshMatch(
                            criteria="User deploy",
                            settings={"macs": "hmac-sha2-512,hmac-md5"},
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
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"macs": "-hmac-md5,hmac-md5"})),
            "unknown",
            "own list",
        ),
        Example(
            "weak ones added",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"macs": "+hmac-md5"})),
            "unhealthy",
            "hmac-md5",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
