"""Machines whose packet filter lets in what no rule names.

A service that somebody installs later is open at once.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import firewall
from poise.policy.host.systems import on_own_kernel

(FILTER,) = MACHINE.firewalls
IPV6_ONLY = "ip6tables"
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    running = [filter for filter in machine.firewalls if filter.starts is not False]
    if not running:
        return not_applicable("no packet filter runs")
    closed = [filter for filter in running if firewall.is_closed(filter)]
    if any(filter.tool != IPV6_ONLY for filter in closed):
        return healthy(f"{closed[0].tool} drops what no rule names", closed[0].input_policy)
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
        Example(
            "IPv6 alone",
            replace(MACHINE, firewalls=(altered(FILTER, input_policy="accept"), altered(FILTER, tool="ip6tables"))),
            "unhealthy",
        ),
        Example(
            "a last rule that refuses",
            replace(
                MACHINE,
                firewalls=(
                    altered(
                        FILTER,
                        tool="iptables",
                        input_policy="accept",
                        rules=("-A INPUT -i lo -j ACCEPT", "-A INPUT -j REJECT --reject-with icmp-host-prohibited"),
                    ),
                ),
            ),
            "healthy",
        ),
        Example("unread", replace(MACHINE, unread={"firewalls": "permission denied"}), "unknown", "permission denied"),
    ),
)
