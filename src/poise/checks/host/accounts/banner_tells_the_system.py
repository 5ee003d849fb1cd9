"""Machines that tell strangers which system they run.

Someone who knows the version knows which holes to try.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

ESCAPES = ("\\v", "\\r", "\\m", "\\s")


@on_linux
def evaluate(machine: Machine) -> Verdict:
    for path, text in machine.banners.items():
        if any(escape in text for escape in ESCAPES):
            return unhealthy(f"{path} names the system", text[:80])
        if path != "/etc/motd" and machine.os.id and machine.os.id.lower() in text.lower():
            return unhealthy(f"{path} names the system", text[:80])
    return healthy("no text names the system", list(machine.banners))


CHECK = Check(
    title="Texts before sign-in should not name the system",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/agetty.8.html",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/issue.net", "Authorized use only.", "cp /etc/issue.net /etc/issue"),
    examples=(
        Example("silent", MACHINE, "healthy"),
        Example(
            "by an escape", replace(MACHINE, banners={"/etc/issue": "Welcome to \\\\v"}), "unhealthy", "/etc/issue"
        ),
        Example(
            "by name",
            replace(MACHINE, banners={"/etc/issue.net": "Debian GNU/Linux 13"}),
            "unhealthy",
            "/etc/issue.net",
        ),
        Example("unread", replace(MACHINE, unread={"banners": "permission denied"}), "unknown", "permission denied"),
    ),
)
