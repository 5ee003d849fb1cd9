"""Accounts whose password is kept as a weak hash.

DES and MD5 hashes are guessed at billions of guesses a second once the file is out.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import password
from poise.policy.host.systems import on_linux

WEAK = frozenset({"des", "md5"})
ALICE = MACHINE.users[-1]


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [user.name for user in machine.users if user.password is not None and user.password.algorithm in WEAK]
    if found:
        return unhealthy(f"the password of {found[0]} is kept as a weak hash", found)
    if any(user.password is None for user in machine.users):
        return unknown("shadow was not read")
    return healthy("no password is kept as a weak hash")


CHECK = Check(
    title="Passwords should be kept as strong hashes",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/crypt.5.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "chage -d 0 USER", "make the user set the password anew, after ENCRYPT_METHOD YESCRYPT is set"
    ),
    examples=(
        Example("strong", MACHINE, "healthy"),
        Example(
            "MD5", replace(MACHINE, users=(altered(ALICE, password=password("set", "md5")),)), "unhealthy", "alice"
        ),
        Example("shadow not read", replace(MACHINE, users=(altered(ALICE, password=None),)), "unknown", "shadow"),
        Example("unread", replace(MACHINE, unread={"users": "permission denied"}), "unknown", "permission denied"),
    ),
)
