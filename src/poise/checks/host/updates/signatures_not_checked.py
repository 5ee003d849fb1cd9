"""Machines that install packages which nobody signed.

Whoever is on the way to the server, or owns it, installs what they like as root.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

RPM = frozenset({"rhel", "fedora", "centos", "amzn", "suse"})
UNCHECKED = frozenset({"0", "no", "false", "trusted=yes"})


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [f"{place}: {value}" for place, value in machine.updates.signatures.items() if value.lower() in UNCHECKED]
    if found:
        return unhealthy(f"signatures are not checked: {found[0]}", found)
    if not machine.updates.signatures and RPM & {machine.os.id, *machine.os.like}:
        return unknown("no file says whether signatures are checked")
    return healthy("signatures are checked", dict(machine.updates.signatures))


CHECK = Check(
    title="Signatures of packages should be checked",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://wiki.debian.org/SecureApt",
    evaluate=evaluate,
    fix=fixing.by_command("editor FILE", "take trusted=yes out, or set gpgcheck=1, and import the key of the source"),
    examples=(
        Example("checked", MACHINE, "healthy"),
        Example(
            "trusted",
            replace(MACHINE, updates=altered(MACHINE.updates, signatures={"/etc/apt/sources.list:3": "trusted=yes"})),
            "unhealthy",
            "sources.list:3",
        ),
        Example(
            "gpgcheck off",
            replace(MACHINE, updates=altered(MACHINE.updates, signatures={"/etc/yum.conf main": "0"})),
            "unhealthy",
            "yum.conf",
        ),
        Example("unread", replace(MACHINE, unread={"updates": "permission denied"}), "unknown", "permission denied"),
    ),
)
