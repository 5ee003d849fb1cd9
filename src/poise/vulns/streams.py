"""Which builds of a package an advisory is about: module streams of rpm, patched and certified builds."""

from __future__ import annotations

import re

from poise.model.host.software import Package
from poise.vulns.advisory import Affected

MODULAR = re.compile(r"\.module(?:\+|_)el")
MODULE = re.compile(r"[A-Za-z0-9_.+-]+:[A-Za-z0-9_.+-]+(?::\d+:[0-9a-f]+)?(?:/.+)?")
SPECIAL = ("ksplice", "fips")
"""Builds with numbers of their own, whose advisories bind nobody else."""


def concerns(part: Affected, package: Package) -> bool:
    """Return whether what an advisory says binds the build that is installed."""
    if package.ecosystem == "rpm" and not _same_stream(part, package):
        return False
    fixes = [interval.fixed for interval in part.intervals if interval.fixed]
    return all(any(word in fix for fix in fixes) == (word in package.full_version) for word in SPECIAL) or not fixes


def is_modular(package: Package) -> bool:
    """Return whether an rpm comes from a module stream; its release tells where the label is missing."""
    return bool(package.module) or bool(MODULAR.search(f".{package.release}"))


def module_of(text: str) -> tuple[str, str] | None:
    """Return name and stream of a module; None if a text is none."""
    if not MODULE.fullmatch(text):
        return None
    name, stream, *_ = text.split("/")[0].split(":")
    return name, stream


def _same_stream(part: Affected, package: Package) -> bool:
    fixes = [interval.fixed for interval in part.intervals if interval.fixed]
    wanted = module_of(part.module)
    is_wanted = wanted is not None or any(MODULAR.search(fix) for fix in fixes)
    if is_wanted != is_modular(package):
        return False
    if not is_wanted:
        return True
    mine = module_of(package.module)
    if wanted is not None and mine is not None:
        return wanted == mine
    return not fixes or any(_first_number(fix) == _first_number(package.full_version) for fix in fixes)


def _first_number(version: str) -> str:
    found = re.match(r"(?:\d+:)?(\d+)", version)
    return found[1] if found else ""
