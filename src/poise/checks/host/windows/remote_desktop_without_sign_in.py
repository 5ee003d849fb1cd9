"""Windows machines whose remote desktop opens a screen before anyone has signed in.

Strangers reach code that has had holes, such as BlueKeep. A group policy wins over the setting of the connection.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.windows import WindowsFacts
from poise.model.samples.host import MACHINE

NAME = r"RDP-Tcp\UserAuthentication"
POLICY = r"Policies\Terminal Services\UserAuthentication"
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
    if machine.windows.policies.get(r"Terminal Server\fDenyTSConnections") == "1":
        return not_applicable("remote desktop is off")
    name = POLICY if POLICY in machine.windows.policies else NAME
    value = machine.windows.policies.get(name)
    if value in GOOD:
        return healthy(f"{name} is {value}", value)
    if value is None:
        return unhealthy("UserAuthentication is not set: a screen is opened first")
    return unhealthy(f"{name} is {value}", value)


CHECK = Check(
    title="Remote desktop should ask who one is first",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/windows-server/remote/remote-desktop-services/clients/remote-desktop-allow-access",
    evaluate=evaluate,
    fix=fixing.on_windows(
        'reg add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp" /v UserAuthentication /t REG_DWORD /d 1 /f'
    ),
    examples=(
        Example("as it should be", WINDOWS, "healthy"),
        Example("otherwise", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "0"})), "unhealthy", "0"),
        Example(
            "by policy", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "0", POLICY: "1"})), "healthy", POLICY
        ),
        Example(
            "not by policy", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "1", POLICY: "0"})), "unhealthy"
        ),
        Example("not set", replace(WINDOWS, windows=altered(FACTS, policies={})), "unhealthy"),
        Example("Linux", MACHINE, "not_applicable"),
        Example("unread", replace(MACHINE, unread={"windows": "permission denied"}), "unknown", "permission denied"),
    ),
)
