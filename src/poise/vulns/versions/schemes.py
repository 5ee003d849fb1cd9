"""Which order of versions holds in which ecosystem of advisories."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from poise.vulns.versions import alpine, composer, debian, maven, python, rpm, ruby, semantic
from poise.vulns.versions.bad import BadVersion

Key = Callable[[str], Any]
SCHEMES: dict[str, Key] = {
    "PyPI": python.key,
    "npm": semantic.key,
    "crates.io": semantic.key,
    "Go": semantic.go_key,
    "NuGet": semantic.nuget_key,
    "Maven": maven.key,
    "RubyGems": ruby.key,
    "Packagist": composer.key,
    "Debian": debian.key,
    "Ubuntu": debian.key,
    "Alpine": alpine.key,
    "Wolfi": alpine.key,
    "Chainguard": alpine.key,
    "Red Hat": rpm.key,
    "Rocky Linux": rpm.key,
    "AlmaLinux": rpm.key,
    "Oracle Linux": rpm.key,
    "Amazon Linux": rpm.key,
    "Fedora": rpm.key,
    "openSUSE": rpm.key,
    "SUSE": rpm.key,
}
"""Ecosystem without its release -> the order of its versions."""


def scheme(ecosystem: str) -> Key | None:
    """Return the order of versions of an ecosystem such as `Debian:12`; None if it is not known."""
    return SCHEMES.get(ecosystem.partition(":")[0])


def malformed(ecosystem: str, intervals: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the bounds of intervals that are no versions of an ecosystem, sorted."""
    key = scheme(ecosystem)
    if key is None:
        return ()
    bounds = {bound for interval in intervals for bound in interval if bound not in ("", "0")}
    return tuple(sorted(bound for bound in bounds if not is_version(key, bound)))


def is_version(key: Key, text: str) -> bool:
    """Return whether a text can be ordered."""
    try:
        key(text)
    except BadVersion:
        return False
    return True


def compare(ecosystem: str, left: str, right: str) -> int:
    """Return -1, 0 or 1. Raises :class:`BadVersion` for what is no version there."""
    key = scheme(ecosystem)
    if key is None:
        raise BadVersion(ecosystem, left)
    mine, theirs = key(left), key(right)
    return int(mine > theirs) - int(mine < theirs)
