"""Machines whose boot loader lets anyone change what boots.

Whoever stands at the console, a virtual one too, starts a shell as root.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if not machine.boot.place:
        return not_applicable("there is no boot loader")
    if machine.boot.password:
        return healthy("a password is needed", machine.boot.place)
    return unhealthy("no password is needed", machine.boot.place)


CHECK = Check(
    title="Changing what boots should need a password",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.gnu.org/software/grub/manual/grub/html_node/Security.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "grub-mkpasswd-pbkdf2\nupdate-grub", "make a hash, write it to /etc/grub.d/40_custom, and make the menu anew"
    ),
    examples=(
        Example("needed", MACHINE, "healthy"),
        Example("not needed", replace(MACHINE, boot=altered(MACHINE.boot, password=False)), "unhealthy", "no password"),
        Example("no boot loader", replace(MACHINE, boot=altered(MACHINE.boot, place="")), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"boot": "permission denied"}), "unknown", "permission denied"),
    ),
)
