"""Machines on which links in shared folders can mislead privileged programs.

A link in /tmp makes a program of root overwrite a file of the attacker's choice.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, replace
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import kernel
from poise.policy.host.systems import on_own_kernel

WANTED = {"fs.protected_hardlinks": ("1",), "fs.protected_symlinks": ("1",)}
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    return kernel.require(machine, WANTED, ("links are protected", "links are not protected"))


CHECK = Check(
    title="Links in shared folders should be protected",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/sysctl/fs.html",
    evaluate=evaluate,
    fix=fixing.sysctl("links-not-protected", *(f"{name} = {values[0]}" for name, values in WANTED.items())),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "set otherwise",
            replace(MACHINE, sysctl={**MACHINE.sysctl, "fs.protected_symlinks": "0"}),
            "unhealthy",
            "fs.protected_symlinks is set to 0",
        ),
        Example("set nowhere", replace(MACHINE, sysctl={}), "unknown", "depends on how the kernel was built"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"sysctl": "permission denied"}), "unknown", "permission denied"),
    ),
)
