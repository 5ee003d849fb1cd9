"""What the registry of a Windows machine says: version, updates, programs and policies.

Sources: Microsoft's pages on `CurrentVersion`, uninstall keys, Component Based Servicing, and the policy settings
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.hive import Hive, open_hive
from poise.disk.facts.lifetimes import end_of_life, extended_end
from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.host.software import Package
from poise.model.host.system import OperatingSystem
from poise.model.host.windows import WindowsFacts

VERSION = r"Microsoft\Windows NT\CurrentVersion"
SERVICING = r"Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages"
UNINSTALL = (
    r"Microsoft\Windows\CurrentVersion\Uninstall",
    r"WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
)
INSTALLED = "112"
UPDATE = re.compile(r"Package_for_(KB\d{6,8})~")
START_TYPES = {"0": "boot", "1": "system", "2": "automatic", "3": "manual", "4": "disabled"}
SYSTEM_POLICIES = (
    (r"Control\Lsa", ("LmCompatibilityLevel", "NoLMHash", "RestrictAnonymous", "RestrictAnonymousSAM",
                      "EveryoneIncludesAnonymous", "LimitBlankPasswordUse", "RunAsPPL")),
    (r"Control\SecurityProviders\WDigest", ("UseLogonCredential",)),
    (r"Control\Terminal Server", ("fDenyTSConnections",)),
    (r"Control\Terminal Server\WinStations\RDP-Tcp", ("UserAuthentication", "SecurityLayer",
    "MinEncryptionLevel", "PortNumber")),
    (r"Services\LanmanServer\Parameters", ("SMB1", "RequireSecuritySignature", "EnableSecuritySignature",
    "RestrictNullSessAccess")),
    (r"Services\LanmanWorkstation\Parameters", ("RequireSecuritySignature", "EnablePlainTextPassword")),
    (r"Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile", ("EnableFirewall", "DefaultInboundAction")),
    (r"Services\SharedAccess\Parameters\FirewallPolicy\StandardProfile", ("EnableFirewall", "DefaultInboundAction")),
    (r"Services\SharedAccess\Parameters\FirewallPolicy\PublicProfile", ("EnableFirewall", "DefaultInboundAction")),
)  # fmt: skip
SOFTWARE_POLICIES = (
    (r"Microsoft\Windows\CurrentVersion\Policies\System", ("EnableLUA", "ConsentPromptBehaviorAdmin",
    "FilterAdministratorToken",
                                                           "LocalAccountTokenFilterPolicy", "InactivityTimeoutSecs")),
    (r"Microsoft\Windows NT\CurrentVersion\Winlogon", ("AutoAdminLogon", "CachedLogonsCount")),
    (r"Policies\Microsoft\Windows\WindowsUpdate\AU", ("NoAutoUpdate", "AUOptions")),
    (r"Policies\Microsoft\Windows Defender", ("DisableAntiSpyware",)),
    (r"Microsoft\Windows Defender\Real-Time Protection", ("DisableRealtimeMonitoring",)),
    (r"Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging", ("EnableScriptBlockLogging",)),
    (r"Policies\Microsoft\Windows NT\DNSClient", ("EnableMulticast",)),
    (r"Policies\Microsoft\Windows NT\Terminal Services", ("UserAuthentication", "MinEncryptionLevel")),
)  # fmt: skip


def read_windows(reading: Reading) -> WindowsFacts | None:
    """Return the facts of a Windows machine, or None if the tree is of none. Raises :class:`BadInput`."""
    software, system = open_hive(reading, "SOFTWARE"), open_hive(reading, "SYSTEM")
    return windows_facts(software, system) if software else None


def windows_facts(software: Hive, system: Hive | None) -> WindowsFacts:
    """Return what the two hives say."""
    control = _control_set(system) if system else ""
    policies = dict(_policies(software, "", SOFTWARE_POLICIES))
    if system:
        policies |= dict(_policies(system, control, SYSTEM_POLICIES))
    if software.value(r"Microsoft\Windows NT\CurrentVersion\Winlogon", "DefaultPassword"):
        policies[r"Winlogon\DefaultPassword"] = "set"
    updates = {m[1] for name in software.keys(SERVICING) if (m := UPDATE.match(name)) and _is_in(software, name)}
    return WindowsFacts(
        product=software.value(VERSION, "ProductName") or "",
        edition=software.value(VERSION, "EditionID") or "",
        installation=software.value(VERSION, "InstallationType") or "",
        build=_build(software),
        hotfixes=tuple(sorted(updates)),
        policies=dict(sorted(policies.items())),
        services=dict(sorted(_services(system, control))) if system else {},
    )


def read_windows_os(reading: Reading) -> OperatingSystem | None:
    """Return the system of a Windows tree, or None if it is none. Raises :class:`BadInput`."""
    software = open_hive(reading, "SOFTWARE")
    if software is None:
        return None
    major = software.value(VERSION, "CurrentMajorVersionNumber")
    minor = software.value(VERSION, "CurrentMinorVersionNumber") or "0"
    front = f"{major}.{minor}" if major else software.value(VERSION, "CurrentVersion") or ""
    version = f"{front}.{_build(software).partition('.')[0]}".strip(".")
    product = software.value(VERSION, "ProductName") or "Windows"
    is_server = "Server" in product
    return OperatingSystem(
        family="windows",
        id="windows",
        like=(),
        version=version,
        codename=software.value(VERSION, "DisplayVersion") or "",
        name=product,
        end_of_life=end_of_life("windows", version) if is_server else None,
        extended_end=extended_end("windows", version) if is_server else None,
    )


def read_windows_programs(reading: Reading) -> Iterator[Package]:
    """Yield the programs that can be uninstalled, parts of the system and updates left out."""
    software = open_hive(reading, "SOFTWARE")
    yield from programs(software) if software else ()


def programs(software: Hive) -> Iterator[Package]:
    """Yield the programs that a hive lists."""
    for folder in UNINSTALL:
        for name in software.keys(folder):
            key = f"{folder}\\{name}"
            title, version = software.value(key, "DisplayName"), software.value(key, "DisplayVersion")
            is_part = software.value(key, "SystemComponent") == "1" or software.value(key, "ParentKeyName") is not None
            if title and version and not is_part:
                publisher = software.value(key, "Publisher") or ""
                place = f"{software.place}:{key}"
                yield package(title, version, ecosystem="windows", origin=publisher, place=place)


def _build(software: Hive) -> str:
    build = software.value(VERSION, "CurrentBuild") or software.value(VERSION, "CurrentBuildNumber") or ""
    revision = software.value(VERSION, "UBR")
    return f"{build}.{revision}" if build and revision else build


def _is_in(software: Hive, name: str) -> bool:
    return software.value(f"{SERVICING}\\{name}", "CurrentState") == INSTALLED


def _control_set(system: Hive) -> str:
    current = system.value("Select", "Current") or "1"
    return f"ControlSet{int(current):03d}" if current.isdigit() and len(current) < 4 else "ControlSet001"


def _policies(hive: Hive, front: str, wanted: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[tuple[str, str]]:
    for key, names in wanted:
        path = f"{front}\\{key}" if front else key
        short = key.rpartition("\\")[2]
        if short == "Parameters":
            short = key.split("\\")[1]
        elif key.startswith("Policies\\"):
            short = f"Policies\\{short}"
        for name in names:
            value = hive.value(path, name)
            if value is not None:
                yield f"{short}\\{name}", value


def _services(system: Hive, control: str) -> Iterator[tuple[str, str]]:
    for name in system.keys(f"{control}\\Services"):
        start = system.value(f"{control}\\Services\\{name}", "Start")
        kind = system.value(f"{control}\\Services\\{name}", "Type") or "0"
        if start in START_TYPES and kind in ("16", "32", "80", "96", "208", "224", "272", "288"):
            yield name, START_TYPES[start]
