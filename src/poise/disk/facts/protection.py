"""Programs against malware and intruders, told by the folders and services that they install.

Sources: the vendors' installation pages (paths and service names).
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.disk.facts.reading import Reading
from poise.disk.facts.services import starts
from poise.model.host.system import Protection

PRODUCTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "Microsoft Defender for Endpoint": (
        "edr",
        ("/opt/microsoft/mdatp", "/ProgramData/Microsoft/Windows Defender Advanced Threat Protection"),
        ("mdatp",),
    ),
    "Microsoft Defender Antivirus": (
        "antivirus",
        ("/ProgramData/Microsoft/Windows Defender/Platform",),
        ("WinDefend",),
    ),
    "CrowdStrike Falcon": ("edr", ("/opt/CrowdStrike/falconctl", "/Program Files/CrowdStrike"), ("falcon-sensor",)),
    "SentinelOne": ("edr", ("/opt/sentinelone", "/Program Files/SentinelOne"), ("sentinelone",)),
    "Carbon Black": ("edr", ("/opt/carbonblack", "/Program Files/Confer"), ("cbagentd", "cbdaemon")),
    "Cortex XDR": ("edr", ("/opt/traps", "/Program Files/Palo Alto Networks/Traps"), ("traps_pmd",)),
    "Elastic Defend": ("edr", ("/opt/Elastic/Endpoint", "/Program Files/Elastic/Endpoint"), ("ElasticEndpoint",)),
    "Sophos": ("edr", ("/opt/sophos-spl", "/Program Files/Sophos"), ("sophos-spl",)),
    "Trend Micro Deep Security": ("edr", ("/opt/ds_agent", "/Program Files/Trend Micro"), ("ds_agent",)),
    "Trellix": ("edr", ("/opt/McAfee/ens", "/opt/trellix"), ("mfeespd", "xagt")),
    "Cybereason": ("edr", ("/opt/cybereason",), ("cybereason-sensor",)),
    "Wazuh": ("edr", ("/var/ossec/bin/wazuh-agentd", "/Program Files (x86)/ossec-agent"), ("wazuh-agent",)),
    "Falco": ("edr", ("/etc/falco/falco.yaml",), ("falco", "falco-modern-bpf", "falco-kmod", "falco-bpf")),
    "ESET": ("antivirus", ("/opt/eset",), ("efs", "eea")),
    "Bitdefender GravityZone": ("edr", ("/opt/bitdefender-security-tools",), ("bdsec",)),
    "ClamAV": ("antivirus", ("/etc/clamav/clamd.conf", "/etc/clamd.d/scan.conf"), ("clamav-daemon", "clamd")),
    "AIDE": ("integrity", ("/etc/aide/aide.conf", "/etc/aide.conf"), ("dailyaidecheck", "aidecheck")),
    "Tripwire": ("integrity", ("/etc/tripwire/tw.cfg",), ()),
    "osquery": ("integrity", ("/etc/osquery/osquery.conf", "/opt/osquery"), ("osqueryd",)),
}
"""Product -> kind, paths that only it installs, services."""


def read_protection(reading: Reading) -> tuple[Protection, ...]:
    """Return the products that are there, by name. Raises :class:`Unreadable`."""
    return tuple(_found(reading))


def _found(reading: Reading) -> Iterator[Protection]:
    for name, (kind, paths, services) in sorted(PRODUCTS.items()):
        place = next((path for path in paths if reading.facts(path)), None)
        if place:
            does_start = starts(reading, *services) if services else None
            yield Protection(name=name, kind=kind, place=place, starts=does_start)
