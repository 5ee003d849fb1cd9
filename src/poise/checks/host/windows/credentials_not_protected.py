"""Windows machines whose process of credentials others may read.

Whoever becomes administrator takes tickets and hashes out of its memory.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.windows import WindowsFacts
from poise.model.samples.host import MACHINE
from poise.policy.host import systems

NAME = r"Lsa\RunAsPPL"
FIRST_WITH = 22621
"""Build of Windows 11 22H2, the first to protect it by itself on some machines."""
GOOD = (
    "1",
    "2",
)
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
        if (systems.build(machine) or FIRST_WITH) >= FIRST_WITH:
            return unknown(
                "RunAsPPL is not set: whether this version protects the process depends on how it was installed"
            )
        return unhealthy("RunAsPPL is not set: the process is not protected")
    return unhealthy(f"{NAME} is {value}", value)


CHECK = Check(
    title="The process of credentials should be protected",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/windows-server/security/credentials-protection-and-management/configuring-additional-lsa-protection",
    evaluate=evaluate,
    fix=fixing.on_windows('reg add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa" /v RunAsPPL /t REG_DWORD /d 1 /f'),
    examples=(
        Example("as it should be", WINDOWS, "healthy"),
        Example("otherwise", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "0"})), "unhealthy", "0"),
        Example("not set", replace(WINDOWS, windows=altered(FACTS, policies={})), "unhealthy"),
        Example("Linux", MACHINE, "not_applicable"),
        Example(
            "the default of build 22631",
            replace(WINDOWS, windows=altered(FACTS, policies={}, build="22631.1")),
            "unknown",
        ),
        Example("unread", replace(MACHINE, unread={"windows": "permission denied"}), "unknown", "permission denied"),
    ),
)
