"""Names of packages and of ecosystems, as advisories and package lists both can be looked up by."""

from __future__ import annotations

import re

from poise.model.host.software import Package
from poise.model.host.system import OperatingSystem

LANGUAGES = {
    "pypi": "PyPI",
    "npm": "npm",
    "maven": "Maven",
    "golang": "Go",
    "cargo": "crates.io",
    "gem": "RubyGems",
    "nuget": "NuGet",
    "composer": "Packagist",
}
"""Ecosystem of a package -> ecosystem of advisories."""
TUMBLEWEED = "openSUSE:Tumbleweed"
LANGUAGE_ADVISORIES = frozenset(LANGUAGES.values())
WITHOUT_CASE = frozenset({"NuGet", "Packagist"})
DISTRIBUTIONS = {
    "debian": "Debian",
    "ubuntu": "Ubuntu",
    "alpine": "Alpine",
    "rhel": "Red Hat",
    "rocky": "Rocky Linux",
    "almalinux": "AlmaLinux",
    "ol": "Oracle Linux",
    "amzn": "Amazon Linux",
    "fedora": "Fedora",
    "opensuse-leap": "openSUSE",
    "opensuse-tumbleweed": TUMBLEWEED,
    "sles": "SUSE",
    "wolfi": "Wolfi",
    "chainguard": "Chainguard",
}
MAJOR_ONLY = frozenset({"Debian", "Red Hat", "Rocky Linux", "AlmaLinux", "Oracle Linux", "Amazon Linux", "Fedora"})
ROLLING = frozenset({"Wolfi", "Chainguard", TUMBLEWEED})
RED_HAT = re.compile(r"Red Hat:(?:enterprise_linux|rhel_eus|rhel_e4s|rhel_aus|rhel_tus):(\d+)(\.\d+)?.*")
RED_HAT_BASE = re.compile(r"Red Hat:enterprise_linux:(\d+).*")
SUSE_SERVER = re.compile(
    r"SUSE:Linux Enterprise (?:Server|Module for .+?) (\d+)(?: SP(\d+))?(?:-(?:LTSS|ESPOS)(?: Extended Security)?)?"
)
"""Products whose packages a server has: most of SLES 15 comes in modules, and LTSS goes on with the same versions."""


def is_distribution(ecosystem: str) -> bool:
    """Return whether the advisories of an ecosystem are a distribution's, about packages made of others' work."""
    return ecosystem.partition(":")[0] not in LANGUAGE_ADVISORIES


def package_name(ecosystem: str, name: str) -> str:
    """Return a name as its ecosystem compares it: Python names by PEP 503, others as written."""
    if ecosystem == "PyPI":
        return re.sub(r"[-_.]+", "-", name).lower()
    return name.lower() if ecosystem in WITHOUT_CASE else name


def feed_ecosystem(text: str) -> str:
    """Return the key of an ecosystem as feeds write it: `Ubuntu:22.04:LTS` is `Ubuntu:22.04`.

    Channels of their own (Pro, FIPS, realtime, extended support) keep their own keys.
    """
    base = RED_HAT_BASE.fullmatch(text)
    if base:
        return f"Red Hat:{base[1]}"
    if RED_HAT.fullmatch(text):
        return text
    server = SUSE_SERVER.fullmatch(text)
    if server:
        return f"SUSE:{server[1]}.{server[2]}" if server[2] else f"SUSE:{server[1]}"
    if text.startswith("Ubuntu:"):
        return text.removesuffix(":LTS")
    if text.startswith("openSUSE:Leap "):
        return f"openSUSE:{text.removeprefix('openSUSE:Leap ')}"
    return text


def distribution(os: OperatingSystem) -> str | None:
    """Return the ecosystem of the advisories of a system; None if it says too little, or is none that we know."""
    family = DISTRIBUTIONS.get(os.id)
    if family in ROLLING:
        return family
    if family is None or not os.version:
        return None
    if family == "Alpine":
        return f"Alpine:v{'.'.join(os.version.split('.')[:2])}"
    return f"{family}:{os.version.split('.')[0] if family in MAJOR_ONLY else os.version}"


def channels(ecosystem: str, package: Package) -> tuple[str, ...]:
    """Return the ecosystems whose advisories bind a package of a distribution; `esm` packages take the Pro channel."""
    if ecosystem.startswith("Ubuntu:") and re.search(r"[+~]esm\d", package.full_version):
        return (f"Ubuntu:Pro:{ecosystem.removeprefix('Ubuntu:')}",)
    return (ecosystem,)
