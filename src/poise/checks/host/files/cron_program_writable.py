"""Scheduled commands whose program others may change.

It runs as root at the next full hour, whatever it then holds.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import FileMode
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode
from poise.policy.host.systems import on_own_kernel

(ENTRY,) = MACHINE.cron
STICKY = 0o1000


def _is_open(part: FileMode) -> bool:
    if part.uid != 0:
        return True
    is_kept = part.kind == "folder" and part.mode & STICKY
    is_written = part.mode & 0o002 or (part.mode & 0o020 and part.gid != 0)
    return part.kind != "link" and bool(is_written) and not is_kept


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    for entry in machine.cron:
        parts = (entry.table, entry.target, entry.target_folder)
        for part in parts if entry.user == "root" else ():
            if part is not None and _is_open(part):
                return unhealthy(
                    f"others may write {part.path}, which root runs", {"entry": entry.place, "path": part.path}
                )
    if not machine.cron:
        return not_applicable("nothing is scheduled")
    return healthy("only root may change what root runs", len(machine.cron))


CHECK = Check(
    title="Programs of scheduled commands should be writable by root only",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/crontab.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("chown root:root PATH\nchmod go-w PATH", "make the program root's own"),
    examples=(
        Example("root's own", MACHINE, "healthy"),
        Example(
            "writable program",
            replace(MACHINE, cron=(altered(ENTRY, target=file_mode("/opt/backup.sh", 0o777)),)),
            "unhealthy",
            "/opt/backup.sh",
        ),
        Example(
            "writable folder",
            replace(MACHINE, cron=(altered(ENTRY, target_folder=file_mode("/opt", 0o777, "folder")),)),
            "unhealthy",
            "/opt",
        ),
        Example(
            "a user's program",
            replace(MACHINE, cron=(altered(ENTRY, target=altered(file_mode("/home/alice/x", 0o755), uid=1000)),)),
            "unhealthy",
            "/home/alice/x",
        ),
        Example(
            "run as a user",
            replace(MACHINE, cron=(altered(ENTRY, user="alice", target=file_mode("/opt/x", 0o777)),)),
            "healthy",
        ),
        Example("nothing scheduled", replace(MACHINE, cron=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"cron": "permission denied"}), "unknown", "permission denied"),
    ),
)
