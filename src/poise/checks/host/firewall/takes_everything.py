"""Machines whose packet filter lets in what no rule names.

A service that somebody installs later is open at once.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

(FILTER,) = MACHINE.firewalls
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    running = [filter for filter in machine.firewalls if filter.starts is not False]
    if not running:
        return not_applicable("no packet filter runs")
    for filter in running:
        if filter.input_policy in ("drop", "reject"):
            return healthy(f"{filter.tool} drops what no rule names", filter.input_policy)
    if all(not filter.input_policy for filter in running):
        return unknown("the files do not say what happens to other packets", [filter.tool for filter in running])
    return unhealthy("what no rule names is let in", [filter.tool for filter in running])


CHECK = Check(
    title="Packet filters should drop what no rule names",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://wiki.nftables.org/",
    evaluate=evaluate,
    fix=fixing.by_command(
        "nft add chain inet filter input { policy drop ; }",
        "drop what no rule names",
        "Allow SSH first, or you lock yourself out.",
    ),
    examples=(
        Example("dropped", MACHINE, "healthy"),
        Example("let in", replace(MACHINE, firewalls=(altered(FILTER, input_policy="accept"),)), "unhealthy", "let in"),
        Example("not stated", replace(MACHINE, firewalls=(altered(FILTER, input_policy=""),)), "unknown", "do not say"),
        Example("off", replace(MACHINE, firewalls=()), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"firewalls": "permission denied"}), "unknown", "permission denied"),
    ),
)
