"""Host keys that others than root may read.

Whoever has the host key can pretend to be this machine to everyone who signs in.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host import files
from poise.policy.host.systems import on_linux

PATHS = (
    "/etc/ssh/ssh_host_dsa_key",
    "/etc/ssh/ssh_host_ecdsa_key",
    "/etc/ssh/ssh_host_ed25519_key",
    "/etc/ssh/ssh_host_rsa_key",
)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    return files.require(machine, PATHS, 0o640, frozenset({"root", "ssh_keys"}))


CHECK = Check(
    title="Host keys should be readable by root only",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/passwd.5.html",
    evaluate=evaluate,
    fix=fixing.mode("/etc/ssh/ssh_host_ecdsa_key", "0640"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "too open",
            replace(MACHINE, file_modes=(file_mode("/etc/ssh/ssh_host_rsa_key", 0o644),)),
            "unhealthy",
            "0644",
        ),
        Example(
            "not root's",
            replace(MACHINE, file_modes=(altered(file_mode("/etc/ssh/ssh_host_rsa_key", 0o640), uid=1000),)),
            "unhealthy",
            "user 1000",
        ),
        Example(
            "another group's",
            replace(MACHINE, file_modes=(file_mode("/etc/ssh/ssh_host_rsa_key", 0o640 & 0o640, gid=1000),)),
            "unhealthy",
        ),
        Example("not there", replace(MACHINE, file_modes=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"file_modes": "permission denied"}), "unknown", "permission denied"),
    ),
)
