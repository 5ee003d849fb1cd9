"""Accounts that a weak key opens.

DSA keys, and RSA keys below 2048 bits, can be broken by whoever has enough computers.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

SMALLEST = 2048
(KEY,) = MACHINE.authorized_keys


@on_linux
def evaluate(machine: Machine) -> Verdict:
    for key in machine.authorized_keys:
        if key.type in ("ssh-dss", "ssh-rsa1"):
            return unhealthy(f"{key.user} is opened by a {key.type} key", key.place)
        if key.type == "ssh-rsa" and key.bits is not None and key.bits < SMALLEST:
            return unhealthy(f"{key.user} is opened by an RSA key of {key.bits} bits", key.place)
    if not machine.authorized_keys:
        return not_applicable("no account is opened by a key")
    return healthy("every key is strong", len(machine.authorized_keys))


CHECK = Check(
    title="Accounts should be opened by strong keys only",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-131Ar2.pdf",
    evaluate=evaluate,
    fix=fixing.by_command("sed -i LINEd PATH", "remove the line of the key, once its owner has a new one"),
    examples=(
        Example("strong", MACHINE, "healthy"),
        Example("DSA", replace(MACHINE, authorized_keys=(altered(KEY, type="ssh-dss"),)), "unhealthy", "ssh-dss"),
        Example(
            "small RSA",
            replace(MACHINE, authorized_keys=(altered(KEY, type="ssh-rsa", bits=1024),)),
            "unhealthy",
            "1024 bits",
        ),
        Example("RSA", replace(MACHINE, authorized_keys=(altered(KEY, type="ssh-rsa", bits=3072),)), "healthy"),
        Example("no key", replace(MACHINE, authorized_keys=()), "not_applicable"),
        Example(
            "unread", replace(MACHINE, unread={"authorized_keys": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
