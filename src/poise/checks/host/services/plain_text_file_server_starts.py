"""Machines that serve files without encryption.

Names, passwords and files cross the network for all to read.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Service
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

UNITS = frozenset({"vsftpd", "proftpd", "pure-ftpd", "tftp", "tftpd-hpa", "atftpd"})


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    found = [service.name for service in machine.services if service.name.partition(".")[0].partition("@")[0] in UNITS]
    if found:
        return unhealthy(f"{found[0]} starts", found)
    return healthy("no files are served by FTP or TFTP")


CHECK = Check(
    title="Machines should serve no files by FTP or TFTP",
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
                        name="vsftpd.service",
                        manager="systemd",
                        wanted_by=("multi-user.target",),
                        command="",
                        user="",
                        place="",
                    ),
                ),
            ),
            "unhealthy",
            "vsftpd",
        ),
        Example(
            "by a socket",
            replace(
                MACHINE,
                services=(
                    Service(
                        name="vsftpd.socket",
                        manager="systemd",
                        wanted_by=("multi-user.target",),
                        command="",
                        user="",
                        place="",
                    ),
                ),
            ),
            "unhealthy",
            "vsftpd",
        ),
        Example("unread", replace(MACHINE, unread={"services": "permission denied"}), "unknown", "permission denied"),
    ),
)
