"""Windows machines that keep passwords of people who signed in, in the clear, in memory.

Whoever becomes administrator reads them all.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.windows import WindowsFacts
from poise.model.samples.host import MACHINE
from poise.policy.host import systems

NAME = r"WDigest\UseLogonCredential"
FIRST_WITHOUT = 9600
"""Build of Windows 8.1 and Windows Server 2012 R2."""
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
        if (systems.build(machine) or 0) < FIRST_WITHOUT:
            return unhealthy("UseLogonCredential is not set: this version keeps passwords")
        return healthy("UseLogonCredential is not set: passwords are not kept")
    return unhealthy(f"{NAME} is {value}", value)


CHECK = Check(
    title="Windows machines should keep no passwords in memory",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/security-updates/securityadvisories/2016/2871997",
    evaluate=evaluate,
    fix=fixing.on_windows(
        'reg add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\WDigest" /v UseLogonCredential /t REG_DWORD /d 0 /f'
    ),
    examples=(
        Example("as it should be", WINDOWS, "healthy"),
        Example("otherwise", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "1"})), "unhealthy", "1"),
        Example("not set", replace(WINDOWS, windows=altered(FACTS, policies={})), "healthy"),
        Example("Linux", MACHINE, "not_applicable"),
        Example(
            "the default of build 9200",
            replace(WINDOWS, windows=altered(FACTS, policies={}, build="9200.1")),
            "unhealthy",
        ),
        Example("unread", replace(MACHINE, unread={"windows": "permission denied"}), "unknown", "permission denied"),
    ),
)
