"""SSH server settings that others than root may read or write.

Whoever writes them opens the machine; whoever reads them knows who may come from where.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host import files
from poise.policy.host.systems import on_linux

PATHS = ("/etc/ssh/sshd_config",)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    return files.require(machine, PATHS, 0o600)


CHECK = Check(
    title="SSH server settings should belong to root only",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/passwd.5.html",
    evaluate=evaluate,
    fix=fixing.mode("/etc/ssh/sshd_config", "0600"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "too open", replace(MACHINE, file_modes=(file_mode("/etc/ssh/sshd_config", 0o644),)), "unhealthy", "0644"
        ),
        Example(
            "not root's",
            replace(MACHINE, file_modes=(altered(file_mode("/etc/ssh/sshd_config", 0o600), uid=1000),)),
            "unhealthy",
            "user 1000",
        ),
        Example(
            "another group's",
            replace(MACHINE, file_modes=(file_mode("/etc/ssh/sshd_config", 0o640 & 0o600, gid=1000),)),
            "healthy",
        ),
        Example("not there", replace(MACHINE, file_modes=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"file_modes": "permission denied"}), "unknown", "permission denied"),
    ),
)
