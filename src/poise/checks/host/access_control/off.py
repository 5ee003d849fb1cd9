"""Machines on which nothing confines services.

A fallen service may do whatever its user may; SELinux and AppArmor leave it little.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

OFF = altered(MACHINE.access_control, selinux=None, apparmor_starts=False)
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    control = machine.access_control
    if control.selinux == "enforcing":
        return healthy("SELinux enforces", control.selinux_type)
    if control.apparmor_starts:
        return healthy("AppArmor starts", len(control.apparmor_profiles))
    if control.selinux is None and control.apparmor_starts is None:
        return unknown("it could not be told whether AppArmor starts")
    return unhealthy(f"SELinux is {control.selinux or 'not there'}, and AppArmor does not start", control.selinux)


CHECK = Check(
    title="Machines should confine services",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.kernel.org/admin-guide/LSM/index.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "systemctl enable --now apparmor", "start AppArmor; on Red Hat set SELINUX=enforcing in /etc/selinux/config"
    ),
    examples=(
        Example("AppArmor", MACHINE, "healthy"),
        Example("SELinux", replace(MACHINE, access_control=altered(OFF, selinux="enforcing")), "healthy"),
        Example(
            "permissive", replace(MACHINE, access_control=altered(OFF, selinux="permissive")), "unhealthy", "permissive"
        ),
        Example("neither", replace(MACHINE, access_control=OFF), "unhealthy", "not there"),
        Example(
            "not told",
            replace(MACHINE, access_control=altered(OFF, apparmor_starts=None)),
            "unknown",
            "could not be told",
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example(
            "unread", replace(MACHINE, unread={"access_control": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
