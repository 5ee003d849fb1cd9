"""Windows machines that take unsigned SMB.

Someone on the way relays a sign-in and acts as that person.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.host.windows import WindowsFacts
from poise.model.samples.host import MACHINE
from poise.policy.host import systems

NAME = r"LanmanServer\RequireSecuritySignature"
FIRST_WITH = 26100
"""Build of Windows 11 24H2 and Windows Server 2025."""
GOOD = ("1",)
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
            return unknown("RequireSecuritySignature is not set: what this version asks for depends on its edition")
        return unhealthy("RequireSecuritySignature is not set: signatures are not asked for")
    return unhealthy(f"{NAME} is {value}", value)


CHECK = Check(
    title="Windows machines should ask for signed SMB",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/windows-server/storage/file-server/smb-signing-overview",
    evaluate=evaluate,
    fix=fixing.on_windows("Set-SmbServerConfiguration -RequireSecuritySignature $true -Force"),
    examples=(
        Example("as it should be", WINDOWS, "healthy"),
        Example("otherwise", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "0"})), "unhealthy", "0"),
        Example("not set", replace(WINDOWS, windows=altered(FACTS, policies={})), "unhealthy"),
        Example("Linux", MACHINE, "not_applicable"),
        Example(
            "the default of build 26100",
            replace(WINDOWS, windows=altered(FACTS, policies={}, build="26100.1")),
            "unknown",
        ),
        Example("unread", replace(MACHINE, unread={"windows": "permission denied"}), "unknown", "permission denied"),
    ),
)
