"""Machines that keep shells open which nobody uses.

A screen in an empty room is signed in.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import ShellSetting
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

LONGEST_S = 900


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    stated = [setting for setting in machine.shell_settings if setting.name == "TMOUT"]
    if not stated:
        return unhealthy("TMOUT is not set: shells never end")
    for setting in stated:
        number = setting.value.rpartition(" ")[2]
        if not number.isdecimal() or not 0 < int(number) <= LONGEST_S:
            return unhealthy(f"TMOUT is {setting.value} in {setting.place}", setting.value)
    return healthy("idle shells end", [setting.value for setting in stated])


CHECK = Check(
    title="Idle shells should end after fifteen minutes",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/profile.d/tmout.sh", "readonly TMOUT=900", "chmod 644 /etc/profile.d/tmout.sh"),
    examples=(
        Example("they end", MACHINE, "healthy"),
        Example(
            "late",
            replace(MACHINE, shell_settings=(ShellSetting(name="TMOUT", value="7200", place="/etc/profile:9"),)),
            "unhealthy",
            "7200",
        ),
        Example("never", replace(MACHINE, shell_settings=()), "unhealthy", "never end"),
        Example(
            "unread", replace(MACHINE, unread={"shell_settings": "permission denied"}), "unknown", "permission denied"
        ),
    ),
)
