"""Machines that take packages over HTTP.

Everyone on the way sees what is installed, and may hold back updates.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [source for source in machine.updates.sources if source.startswith(("http://", "ftp://"))]
    if found:
        return unhealthy(f"{found[0]} is read in the clear", found)
    if not machine.updates.sources:
        return not_applicable("packages come from nowhere")
    return healthy("packages come by HTTPS", list(machine.updates.sources))


CHECK = Check(
    title="Packages should come by HTTPS",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://wiki.debian.org/SecureApt",
    evaluate=evaluate,
    fix=fixing.by_command("sed -i 's#http://#https://#' /etc/apt/sources.list", "take packages by HTTPS"),
    examples=(
        Example("HTTPS", MACHINE, "healthy"),
        Example(
            "HTTP",
            replace(MACHINE, updates=altered(MACHINE.updates, sources=("http://mirror.example.org/debian",))),
            "unhealthy",
            "http://",
        ),
        Example("none", replace(MACHINE, updates=altered(MACHINE.updates, sources=())), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"updates": "permission denied"}), "unknown", "permission denied"),
    ),
)
