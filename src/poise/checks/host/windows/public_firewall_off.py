"""Windows machines whose firewall is off in public networks.

Every service that listens is open to whoever is in the same network.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.windows import WindowsFacts
from poise.model.samples.host import MACHINE

NAME = r"PublicProfile\EnableFirewall"
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
        return healthy("EnableFirewall is not set: it is on")
    return unhealthy(f"{NAME} is {value}", value)


CHECK = Check(
    title="The firewall should be on in public networks",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/windows/security/operating-system-security/network-security/windows-firewall/",
    evaluate=evaluate,
    fix=fixing.on_windows("netsh advfirewall set publicprofile state on"),
    examples=(
        Example("as it should be", WINDOWS, "healthy"),
        Example("otherwise", replace(WINDOWS, windows=altered(FACTS, policies={NAME: "0"})), "unhealthy", "0"),
        Example("not set", replace(WINDOWS, windows=altered(FACTS, policies={})), "healthy"),
        Example("Linux", MACHINE, "not_applicable"),
        Example("unread", replace(MACHINE, unread={"windows": "permission denied"}), "unknown", "permission denied"),
    ),
)
