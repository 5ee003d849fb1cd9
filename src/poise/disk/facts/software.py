"""The packages of a tree, from every ecosystem, each with its package URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from poise.disk.facts.os_release import linux, read_os
from poise.disk.facts.packages.dpkg import read_dpkg
from poise.disk.facts.packages.package import package_url
from poise.disk.facts.reading import Reading
from poise.disk.tree import Unreadable
from poise.model.errors import BadInput
from poise.model.host.software import Package
from poise.model.host.system import OperatingSystem

DATABASES: tuple[Callable[[Reading], Iterator[Package]], ...] = (read_dpkg,)
"""Readers of the databases of package managers."""


def read_packages(reading: Reading) -> tuple[Package, ...]:
    """Return every package, by ecosystem, name and place; a database that cannot be read is noted as a gap."""
    found = [package for database in DATABASES for package in _within(reading, database)]
    system = system_of(reading)
    found.sort(key=lambda p: (p.ecosystem, p.name, p.place, p.full_version, p.architecture))
    return tuple(msgspec.structs.replace(p, purl=package_url(p, system)) for p in found)


def system_of(reading: Reading) -> OperatingSystem:
    """Return the system of the tree, one without an id if that cannot be read."""
    try:
        return reading.once(read_os)
    except (Unreadable, BadInput) as problem:
        reading.miss("/etc/os-release", str(problem))
        return linux(name="", version="", title="unknown")


def _within(reading: Reading, database: Callable[[Reading], Iterator[Package]]) -> Iterator[Package]:
    """Yield what a reader gives, up to the limit; a failure ends it and is noted."""
    place = database.__name__.removeprefix("read_")
    try:
        for count, found in enumerate(database(reading)):
            if count == reading.limits.packages:
                reading.miss(place, f"more than {count} packages: the rest is not read")
                return
            yield found
    except (Unreadable, BadInput) as problem:
        where = problem.field if isinstance(problem, Unreadable) else place
        reading.miss(where, str(problem))
