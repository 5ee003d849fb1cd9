"""Windows machines that speak SMB 1.

WannaCry and its like came through it, and nothing needs it any more.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.windows import WindowsFacts
from poise.model.samples.host import MACHINE
from poise.policy.host import systems

NAME = r"LanmanServer\SMB1"
FIRST_WITHOUT = 16299
"""Build of Windows 10 and Windows Server 1709."""
GOOD = ("0",)
WINDOWS = replace(
    MACHINE,
    os=altered(MACHINE.os, family="windows", id="windows", version="10.0.20348", name="Windows Server 2022"),
    windows=WindowsFacts(
        product="Windows Server 2022 Datacenter",
        edition="ServerDatacenter",
        installation="Server Core",
        build="20348.2322",
        hotfixes=(),
        policies={NAME: GOOD[0]},
        services={},
    ),
)
assert WINDOWS.windows is not None
FACTS = WINDOWS.windows


def evaluate(machine: Machine) -> Verdict:
    if machine.windows is None:
        return not_applicable("the machine does not run Windows")
    value = machine.windows.policies.get(NAME)
    if value in GOOD:
        return healthy(f"{NAME} is {value}", value)
    if value is None:
        build = systems.build(machine)
        if build is None:
            return unknown("SMB1 is not set, and the build that tells its default is not known")
        if build < FIRST_WITHOUT:
            return unhealthy("SMB1 is not set: this version has it installed and on", build)
        return healthy("SMB1 is not set: this version does not install it", build)
    return unhealthy(f"{NAME} is {value}", value)


CHECK = Check(
    title="Windows machines should not speak SMB 1",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/windows-server/storage/file-server/troubleshoot/detect-enable-and-disable-smbv1-v2-v3",
    evaluate=evaluate,
    fix=fixing.on_windows("Set-SmbServerConfiguration -EnableSMB1Protocol $false -Force"),
    examples=(
        Example("as it should be", WINDOWS, "healthy"),
        Example("otherwise", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "1"})), "unhealthy", "1"),
        Example("not set", replace(WINDOWS, windows=altered(FACTS, policies={})), "healthy"),
        Example("Linux", MACHINE, "not_applicable"),
        Example(
            "the default of build 14393",
            replace(WINDOWS, windows=altered(FACTS, policies={}, build="14393.1")),
            "unhealthy",
        ),
        Example("unread", replace(MACHINE, unread={"windows": "permission denied"}), "unknown", "permission denied"),
    ),
)
