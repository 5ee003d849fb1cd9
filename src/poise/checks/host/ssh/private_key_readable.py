"""Private SSH keys that others may read.

Whoever may read the file has the key, and every account that it opens, on this machine and on others.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.ssh import PrivateKey
from poise.model.samples.host import MACHINE
from poise.policy.host.files import octal
from poise.policy.host.systems import on_linux

KEY = PrivateKey(
    place="/home/alice/.ssh/id_ed25519",
    type="ssh-ed25519",
    encrypted=True,
    fingerprint=None,
    md5=None,
    is_host_key=False,
    mode=0o600,
    uid=1000,
)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    for key in machine.private_keys:
        if key.mode & 0o077 and not (key.is_host_key and not key.mode & 0o037):
            return unhealthy(f"{key.place} has mode {octal(key.mode)}", {"place": key.place, "mode": octal(key.mode)})
    if not machine.private_keys:
        return not_applicable("no private key lies on the machine")
    return healthy("each private key is its owner's alone", len(machine.private_keys))


CHECK = Check(
    title="Private SSH keys should be readable by their owner only",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man.openbsd.org/ssh-keygen#FILES",
    evaluate=evaluate,
    fix=fixing.by_command("chmod 600 PATH", "take the rights of others away from the key"),
    examples=(
        Example("owner's alone", replace(MACHINE, private_keys=(KEY,)), "healthy"),
        Example("for all", replace(MACHINE, private_keys=(KEY, altered(KEY, mode=0o644))), "unhealthy", "0644"),
        Example(
            "a host key for its group",
            replace(MACHINE, private_keys=(altered(KEY, is_host_key=True, mode=0o640),)),
            "healthy",
        ),
        Example(
            "a host key for all",
            replace(MACHINE, private_keys=(altered(KEY, is_host_key=True, mode=0o644),)),
            "unhealthy",
            "0644",
        ),
        Example("no key", MACHINE, "not_applicable"),
        Example(
            "unread", replace(MACHINE, unread={"private_keys": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
