"""Private SSH keys of people that have no passphrase.

Whoever gets the file, from a backup, a snapshot or a fallen process, can use it at once on every machine that
it opens.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.ssh import PrivateKey
from poise.model.samples.host import MACHINE
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
    keys = [key for key in machine.private_keys if not key.is_host_key]
    open_keys = [key.place for key in keys if not key.encrypted]
    if open_keys:
        return unhealthy(f"{open_keys[0]} has no passphrase", open_keys)
    if not keys:
        return not_applicable("no private key of a person lies on the machine")
    return healthy("each private key has a passphrase", len(keys))


CHECK = Check(
    title="Private SSH keys of people should have a passphrase",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/ssh-keygen",
    evaluate=evaluate,
    fix=fixing.by_command(
        "ssh-keygen -p -f PATH",
        "give the key a passphrase, or remove it where nobody needs it",
        "A program that uses the key needs ssh-agent, or a key of its own that opens little.",
    ),
    examples=(
        Example("encrypted", replace(MACHINE, private_keys=(KEY,)), "healthy"),
        Example("plain", replace(MACHINE, private_keys=(altered(KEY, encrypted=False),)), "unhealthy", "no passphrase"),
        Example(
            "a host's own",
            replace(MACHINE, private_keys=(altered(KEY, encrypted=False, is_host_key=True),)),
            "not_applicable",
        ),
        Example(
            "unread", replace(MACHINE, unread={"private_keys": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
