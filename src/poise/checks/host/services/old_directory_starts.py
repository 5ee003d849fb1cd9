"""Machines that run NIS or the port mapper.

Password hashes go to whoever asks, and each has been a way in for decades.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Service
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

UNITS = frozenset({"ypserv", "ypbind", "nis", "rpcbind", "rpcbind.service"})


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    found = [service.name for service in machine.services if service.name.partition(".")[0].partition("@")[0] in UNITS]
    if found:
        return unhealthy(f"{found[0]} starts", found)
    return healthy("NIS and the port mapper are off")


CHECK = Check(
    title="Machines should not run NIS or the port mapper",
    asset=Machine,
    severity=Severity.MEDIUM,
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
                        name="ypserv.service",
                        manager="systemd",
                        wanted_by=("multi-user.target",),
                        command="",
                        user="",
                        place="",
                    ),
                ),
            ),
            "unhealthy",
            "ypserv",
        ),
        Example(
            "by a socket",
            replace(
                MACHINE,
                services=(
                    Service(
                        name="ypserv.socket",
                        manager="systemd",
                        wanted_by=("multi-user.target",),
                        command="",
                        user="",
                        place="",
                    ),
                ),
            ),
            "unhealthy",
            "ypserv",
        ),
        Example("unread", replace(MACHINE, unread={"services": "permission denied"}), "unknown", "permission denied"),
    ),
)
