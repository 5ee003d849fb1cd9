"""Programs that give whoever starts them the rights of root, and run anything.

A copy of a shell, an editor or an interpreter with the setuid bit is a back door, or as good as one.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host.systems import on_linux

SETUID = 0o4000
RUNNERS = frozenset(
    {
        "bash",
        "sh",
        "dash",
        "zsh",
        "ksh",
        "ash",
        "busybox",
        "python",
        "perl",
        "ruby",
        "php",
        "node",
        "lua",
        "vim",
        "vi",
        "vim.basic",
        "nano",
        "emacs",
        "less",
        "more",
        "find",
        "awk",
        "gawk",
        "mawk",
        "sed",
        "tar",
        "cp",
        "mv",
        "dd",
        "tee",
        "nmap",
        "env",
        "xargs",
        "strace",
        "gdb",
        "docker",
        "rsync",
        "socat",
        "nc",
        "make",
    }
)


def _name(path: str) -> str:
    """Return the name of a program without its version: `python3.11` is `python`."""
    return path.rpartition("/")[2].rstrip("0123456789.") or path


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [mode.path for mode in machine.setuid_files if mode.mode & SETUID and _name(mode.path) in RUNNERS]
    if found:
        return unhealthy(f"{found[0]} runs as its owner for everybody", found)
    return healthy("no program that runs anything is setuid")


CHECK = Check(
    title="Programs that run anything should not be setuid",
    asset=Machine,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://gtfobins.github.io/#+suid",
    evaluate=evaluate,
    fix=fixing.by_command("chmod u-s PATH", "take the bit away, and look for how it came there"),
    examples=(
        Example("the usual ones", MACHINE, "healthy"),
        Example(
            "a shell", replace(MACHINE, setuid_files=(file_mode("/opt/.x/bash", 0o4755),)), "unhealthy", "/opt/.x/bash"
        ),
        Example("setgid only", replace(MACHINE, setuid_files=(file_mode("/usr/bin/vim", 0o2755),)), "healthy"),
        Example(
            "unread", replace(MACHINE, unread={"setuid_files": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
