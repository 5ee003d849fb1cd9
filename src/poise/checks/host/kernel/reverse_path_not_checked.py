"""Machines that take packets on an interface that does not lead back to their sender.

Anyone on the network can send in the name of another host. For an interface the larger of its own value, which it
gets from `default`, and of `all` counts.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

ALL, DEFAULT, EACH = (f"net.ipv4.conf.{name}.rp_filter" for name in ("all", "default", "*"))
GOOD = ("1", "2")
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    everywhere = machine.sysctl.get(ALL, kernel.DEFAULTS[ALL])
    each = machine.sysctl.get(DEFAULT, machine.sysctl.get(EACH, kernel.DEFAULTS[DEFAULT]))
    seen = {ALL: everywhere, DEFAULT: each}
    if everywhere in GOOD or each in GOOD:
        return healthy("senders are checked", seen)
    return unhealthy("senders are not checked: neither all nor default is 1 or 2", seen)


CHECK = Check(
    title="Machines should drop packets with spoofed senders",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/networking/ip-sysctl.html",
    evaluate=evaluate,
    fix=fixing.sysctl("reverse-path-not-checked", f"{ALL} = 1", f"{DEFAULT} = 1"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={ALL: "0", DEFAULT: "0"}),
            "unhealthy",
            "not checked",
        ),
        Example("as systemd sets it", replace(MACHINE, sysctl={EACH: "2", DEFAULT: "2"}), "healthy"),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unhealthy"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
