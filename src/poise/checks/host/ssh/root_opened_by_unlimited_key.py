"""Root accounts that a key opens from anywhere, for anything.

The holder of the key is root on this machine, and often on every machine that was built the same way.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

LIMITS = ("from=", "command=")
(KEY,) = MACHINE.authorized_keys


@on_linux
def evaluate(machine: Machine) -> Verdict:
    keys = [key for key in machine.authorized_keys if key.user == "root"]
    free = [key.place for key in keys if not any(option.startswith(LIMITS) for option in key.options)]
    if free:
        return unhealthy("a key opens root from anywhere, for anything", free)
    if not keys:
        return healthy("no key opens root")
    return healthy("each key that opens root is limited", len(keys))


CHECK = Check(
    title="Keys that open root should be limited to an address or a command",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd#AUTHORIZED_KEYS_FILE_FORMAT",
    evaluate=evaluate,
    fix=fixing.by_command(
        "sed -i 's/^ssh-/from=\"10.0.0.0\\/8\",restrict,pty ssh-/' /root/.ssh/authorized_keys",
        "limit each key to an address or a command",
    ),
    examples=(
        Example("none", MACHINE, "healthy"),
        Example("free", replace(MACHINE, authorized_keys=(altered(KEY, user="root"),)), "unhealthy", "anywhere"),
        Example(
            "from an address",
            replace(MACHINE, authorized_keys=(altered(KEY, user="root", options=('from="10.0.0.0/8"',)),)),
            "healthy",
        ),
        Example(
            "unread", replace(MACHINE, unread={"authorized_keys": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
