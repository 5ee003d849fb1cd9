"""Machines that tell strangers which system they run.

Someone who knows the version knows which holes to try.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import systems
from poise.policy.host.systems import on_own_kernel

ESCAPES = ("\\v", "\\r", "\\m", "\\s", "\\S")
BEFORE = ("/etc/issue", "/etc/issue.net")


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    for path, text in machine.banners.items():
        if path not in BEFORE:
            continue
        if any(escape in text for escape in ESCAPES):
            return unhealthy(f"{path} names the system", text[:80])
        if systems.is_named(machine, text):
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
        Example(
            "a word that only looks like it",
            replace(MACHINE, os=altered(MACHINE.os, id="arch"), banners={"/etc/issue": "Searches are logged.\n"}),
            "healthy",
        ),
        Example("unread", replace(MACHINE, unread={"banners": "permission denied"}), "unknown", "permission denied"),
    ),
)
