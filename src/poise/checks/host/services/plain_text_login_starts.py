"""Machines that let people in without encryption.

Passwords cross the network as they are typed.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Service
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

UNITS = frozenset({"telnet", "telnetd", "inetutils-telnetd", "rsh", "rlogin", "rexec", "rshd"})


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    found = [service.name for service in machine.services if service.name.partition(".")[0].partition("@")[0] in UNITS]
    if found:
        return unhealthy(f"{found[0]} starts", found)
    return healthy("no sign-in without encryption is offered")


CHECK = Check(
    title="Machines should offer no sign-in without encryption",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://www.freedesktop.org/software/systemd/man/latest/systemctl.html",
    evaluate=evaluate,
    fix=fixing.by_command("systemctl disable --now UNIT", "switch the service off"),
    examples=(
        Example("none", MACHINE, "healthy"),
        Example(
            "one",
            replace(
                MACHINE,
                services=(
                    Service(
                        name="telnet.service",
                        manager="systemd",
                        wanted_by=("multi-user.target",),
                        command="",
                        user="",
                        place="",
                    ),
                ),
            ),
            "unhealthy",
            "telnet",
        ),
        Example(
            "by a socket",
            replace(
                MACHINE,
                services=(
                    Service(
                        name="telnet.socket",
                        manager="systemd",
                        wanted_by=("multi-user.target",),
                        command="",
                        user="",
                        place="",
                    ),
                ),
            ),
            "unhealthy",
            "telnet",
        ),
        Example("unread", replace(MACHINE, unread={"services": "permission denied"}), "unknown", "permission denied"),
    ),
)
