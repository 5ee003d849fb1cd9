"""Home folders that other users may look into.

Keys, histories and settings of a person hold credentials.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import file_mode, user
from poise.policy.host.files import octal
from poise.policy.host.systems import on_linux

FIRST_PERSON = 1000
NOBODY = 65534


@on_linux
def evaluate(machine: Machine) -> Verdict:
    people = [user for user in machine.users if (user.uid >= FIRST_PERSON or user.uid == 0) and user.uid != NOBODY]
    homes = {user.home: user.name for user in people if user.home != "/"}
    found = [mode for mode in machine.file_modes if mode.path in homes and mode.kind == "folder"]
    for mode in found:
        if mode.mode & 0o027:
            return unhealthy(f"{mode.path} of {homes[mode.path]} has mode {octal(mode.mode)}", octal(mode.mode))
    if not found:
        return not_applicable("no person has a home folder here")
    return healthy("home folders are closed", [mode.path for mode in found])


CHECK = Check(
    title="Home folders should be closed to other users",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/login.defs.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("chmod 0750 HOME", "close the home folder"),
    examples=(
        Example("closed", MACHINE, "healthy"),
        Example(
            "open",
            replace(MACHINE, file_modes=(altered(file_mode("/home/alice", 0o755, "folder"), uid=1000),)),
            "unhealthy",
            "0755",
        ),
        Example(
            "a service's", replace(MACHINE, file_modes=(file_mode("/usr/sbin", 0o755, "folder"),)), "not_applicable"
        ),
        Example(
            "nobody at home",
            replace(
                MACHINE,
                users=(user("nobody", 65534, "/", "/sbin/nologin"),),
                file_modes=(file_mode("/", 0o755, "folder"),),
            ),
            "not_applicable",
        ),
        Example("unread", replace(MACHINE, unread={"file_modes": "permission denied"}), "unknown", "permission denied"),
    ),
)
