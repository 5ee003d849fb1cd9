"""Which packages are kernels, and which of these boot: only that one's flaws can be used."""

from __future__ import annotations

import enum
import re

from poise.model.host.software import Package, Software

DEB_SOURCE = re.compile(r"linux(?:-signed)?(?:-.*)?")
DEB_IMAGE = re.compile(r"linux-(?:image|modules)(?:-unsigned|-extra)?-(\d.*)")
DEB_KERNEL_PARTS = re.compile(
    r"linux-(?:image|modules|headers|libc-dev|kbuild|doc|source|tools|cpupower|config|support|perf|compiler|generic|"
    r"virtual|cloud-tools|buildinfo|base).*"
)
RPM_IMAGE = re.compile(r"kernel(?:-rt|-uek|-64k|-default|-azure|-debug)?(?:-core|-modules(?:-core|-extra)?)?")
RPM_SOURCE = re.compile(r"kernel(?:-rt|-uek|-default|-azure)?")
APK_SOURCE = re.compile(r"linux-(lts|virt|edge|rpi)")
ARCHITECTURES = frozenset({"amd64", "arm64", "i386", "armhf", "armel", "ppc64el", "s390x", "riscv64", "mips64el"})


class Role(enum.Enum):
    """What a package is to the kernel that boots."""

    OTHER = enum.auto()
    """No part of a kernel."""
    BOOTED = enum.auto()
    """The kernel that boots, or one of which that is not known."""
    RESTING = enum.auto()
    """A kernel that is installed and does not boot."""
    PART = enum.auto()
    """Headers, tools, documentation, names without content: no code of theirs runs in a kernel."""


def role(package: Package, software: Software) -> Role:
    """Return what a package is to the kernel of a machine."""
    release = _release(package)
    if release is None:
        return Role.PART if _is_part(package) else Role.OTHER
    if not software.kernel:
        return Role.BOOTED
    return Role.BOOTED if release == software.kernel else Role.RESTING


def source_of(package: Package) -> tuple[str, str]:
    """Return source package and version; what is signed apart counts as what was signed, with the binary's version."""
    if package.ecosystem == "deb" and package.source.startswith("linux-signed"):
        flavour = package.source.removeprefix("linux-signed").removeprefix("-")
        name = "linux" if not flavour or flavour in ARCHITECTURES else f"linux-{flavour}"
        return name, package.full_version
    return package.source or package.name, package.source_version or package.full_version


def _release(package: Package) -> str | None:
    """Return the release that `uname -r` would print; None for what is no kernel image."""
    if package.ecosystem == "deb":
        found = DEB_IMAGE.fullmatch(package.name)
        return found[1] if found else None
    if package.ecosystem == "rpm" and RPM_IMAGE.fullmatch(package.name):
        return f"{package.version}-{package.release}.{package.architecture}"
    if package.ecosystem == "apk":
        flavour = APK_SOURCE.fullmatch(package.name)
        if flavour:
            version, _, revision = package.full_version.partition("-r")
            return f"{version}-{revision}-{flavour[1]}"
    return None


def _is_part(package: Package) -> bool:
    if package.ecosystem == "deb":
        is_kernels = bool(DEB_SOURCE.fullmatch(package.source)) or not package.source
        return is_kernels and bool(DEB_KERNEL_PARTS.fullmatch(package.name))
    if package.ecosystem == "rpm":
        return bool(RPM_SOURCE.fullmatch(package.source)) or package.name == "kernel-headers"
    return package.ecosystem == "apk" and package.name in ("linux-headers",)
