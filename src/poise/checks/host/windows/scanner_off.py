"""Windows machines whose scanner for malware does not watch.

Known programs of intruders run unhindered.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.windows import WindowsFacts
from poise.model.samples.host import MACHINE

NAME = r"Real-Time Protection\DisableRealtimeMonitoring"
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
        return healthy("DisableRealtimeMonitoring is not set: the scanner watches")
    return unhealthy(f"{NAME} is {value}", value)


CHECK = Check(
    title="The scanner for malware should watch",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/defender-endpoint/configure-protection-features-microsoft-defender-antivirus",
    evaluate=evaluate,
    fix=fixing.on_windows("Set-MpPreference -DisableRealtimeMonitoring $false"),
    examples=(
        Example("as it should be", WINDOWS, "healthy"),
        Example("otherwise", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "1"})), "unhealthy", "1"),
        Example("not set", replace(WINDOWS, windows=altered(FACTS, policies={})), "healthy"),
        Example("Linux", MACHINE, "not_applicable"),
        Example("unread", replace(MACHINE, unread={"windows": "permission denied"}), "unknown", "permission denied"),
    ),
)
