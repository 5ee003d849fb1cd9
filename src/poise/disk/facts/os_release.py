"""What system a tree holds: `os-release(5)`, with older files and Windows as fallbacks."""

from __future__ import annotations

import re
import shlex

from poise.disk.facts.lifetimes import end_of_life, extended_end
from poise.disk.facts.reading import Reading
from poise.disk.facts.windows import read_windows_os
from poise.model.host.system import OperatingSystem

PLACES = ("/etc/os-release", "/usr/lib/os-release")
DEBIAN_CODENAMES = {
    "buzz": "1.1", "rex": "1.2", "bo": "1.3", "hamm": "2.0", "slink": "2.1", "potato": "2.2", "woody": "3.0",
    "sarge": "3.1", "etch": "4.0", "lenny": "5.0", "squeeze": "6.0", "wheezy": "7", "jessie": "8", "stretch": "9",
    "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "duke": "15",
}  # fmt: skip
"""Source: Debian releases (https://www.debian.org/releases/), 2026-11."""
REDHAT_LINE = re.compile(
    r"(?P<name>.+?)(?: Linux)?(?: Server| Workstation| Client| ComputeNode)? release (?P<version>[\d.]+)"
    r"(?:[^(]*\((?P<codename>[^)]+)\))?"
)
REDHAT_IDS = {
    "Red Hat Enterprise": "rhel", "Red Hat": "rhel", "CentOS": "centos", "CentOS Stream": "centos", "Fedora": "fedora",
    "Oracle": "ol", "Rocky": "rocky", "AlmaLinux": "almalinux", "Scientific": "scientific", "Amazon": "amzn",
}  # fmt: skip


def read_os(reading: Reading) -> OperatingSystem:
    """Return the system of a tree; its `id` is empty if nothing there tells. Raises :class:`Unreadable`."""
    for place in PLACES:
        text = reading.text(place)
        if text and (values := parse(text)):
            return _of_values(values, reading)
    return _of_older_files(reading)


def parse(text: str) -> dict[str, str]:
    """Return the values of an os-release file by name, quotes taken off as a shell does."""
    found = {}
    for line in text.splitlines():
        name, sep, value = line.strip().partition("=")
        if sep and re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            found[name] = unquoted(value)
    return found


def unquoted(value: str) -> str:
    """Return a value of a shell assignment without its quotes; one with broken quotes as it is."""
    try:
        return " ".join(shlex.split(value))
    except ValueError:
        return value.strip("\"' ")


def linux(*, name: str, version: str, **more: object) -> OperatingSystem:
    """Return the record of a Linux distribution with the ends of its support."""
    codename, like = str(more.get("codename", "")), more.get("like", ())
    assert isinstance(like, tuple)
    life = "centos-stream" if name == "centos" and "Stream" in str(more.get("title")) else name
    return OperatingSystem(
        family="linux",
        id=name,
        like=like,
        version=version,
        codename=codename,
        name=str(more.get("title") or f"{name} {version}".strip()),
        end_of_life=end_of_life(life, version),
        extended_end=extended_end(life, version),
    )


def _of_values(values: dict[str, str], reading: Reading) -> OperatingSystem:
    name = values.get("ID", "").lower()
    version, codename = values.get("VERSION_ID", ""), values.get("VERSION_CODENAME", "")
    if name == "debian" and not version:
        codename = codename or _debian_codename(values, reading)
        version = DEBIAN_CODENAMES.get(codename, "")
    if name == "centos" and version == "7" and (full := _redhat_version(reading)):
        version = full
    like = tuple(values.get("ID_LIKE", "").lower().split())
    return linux(name=name, version=version, codename=codename, like=like, title=values.get("PRETTY_NAME", ""))


def _debian_codename(values: dict[str, str], reading: Reading) -> str:
    """Return the codename of a testing or unstable Debian, whose os-release has no version."""
    inside = re.search(r"\((\w+)\)|/(\w+)|GNU/Linux (\w+)", values.get("PRETTY_NAME", ""))
    found = reading.text("/etc/debian_version") or ""
    first = found.strip().partition("/")[0]
    if first in DEBIAN_CODENAMES:
        return first
    return next((g for g in inside.groups() if g in DEBIAN_CODENAMES), "") if inside else ""


def _redhat_version(reading: Reading) -> str:
    match = REDHAT_LINE.match((reading.text("/etc/centos-release") or "").strip())
    return match["version"] if match else ""


def _of_older_files(reading: Reading) -> OperatingSystem:
    """Return the system by files from before os-release."""
    for place in ("/etc/redhat-release", "/etc/centos-release", "/etc/system-release"):
        match = REDHAT_LINE.match((reading.text(place) or "").strip())
        if match:
            name = REDHAT_IDS.get(match["name"], match["name"].lower().replace(" ", "-"))
            return linux(name=name, version=match["version"], title=match[0], codename=match["codename"] or "")
    if version := (reading.text("/etc/alpine-release") or "").strip():
        return linux(name="alpine", version=version, title=f"Alpine Linux {version}")
    lsb = parse(reading.text("/etc/lsb-release") or "")
    if name := lsb.get("DISTRIB_ID", "").lower():
        version = lsb.get("DISTRIB_RELEASE", "")
        return linux(
            name=name, version=version, codename=lsb.get("DISTRIB_CODENAME", ""), title=lsb.get("DISTRIB_DESCRIPTION")
        )
    if version := (reading.text("/etc/debian_version") or "").strip():
        number = DEBIAN_CODENAMES.get(version.partition("/")[0], version)
        return linux(name="debian", version=number.partition(".")[0], title=f"Debian {version}")
    return read_windows_os(reading) or linux(name="", version="", title="unknown")
