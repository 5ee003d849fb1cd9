"""The packages of a tree, from every ecosystem, each with its package URL and its owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from poise.disk.facts.os_release import linux, read_os
from poise.disk.facts.ownership import Ownership, read_ownership
from poise.disk.facts.packages.apk import read_apk
from poise.disk.facts.packages.binaries import read_binary
from poise.disk.facts.packages.dpkg import read_dpkg
from poise.disk.facts.packages.package import package_url
from poise.disk.facts.packages.places import Reader, reader_of
from poise.disk.facts.packages.rpm import read_rpm
from poise.disk.facts.reading import Reading
from poise.disk.facts.walk import read_walk
from poise.disk.facts.windows import read_windows_programs
from poise.disk.tree import Unreadable
from poise.model.errors import BadInput
from poise.model.host.software import Package
from poise.model.host.system import OperatingSystem

DATABASES: tuple[Callable[[Reading], Iterator[Package]], ...] = (read_dpkg, read_rpm, read_apk, read_windows_programs)
"""Readers of the databases of package managers."""
Candidate = tuple[str, Reader]


def read_system_packages(reading: Reading) -> tuple[Package, ...]:
    """Return the packages of the distribution alone: they need a few blocks of a disk."""
    return _finished(reading, [p for database in DATABASES for p in _of_database(reading, database)])


def read_packages(reading: Reading) -> tuple[Package, ...]:
    """Return every package, by ecosystem, name and place; what cannot be read is noted as a gap."""
    system = reading.once(read_system_packages)
    walked = reading.once(read_walk)
    files = {path for path, _ in walked.files}
    candidates = [(path, reader) for path, facts in walked.files if (reader := reader_of(path, facts))]
    ownership = read_ownership(reading, {path for path, _ in candidates}, files)
    found = [_with_files(package, ownership) for package in system]
    found += _of_files(reading, candidates, ownership, reading.limits.packages - len(found))
    return _finished(reading, found)


def system_of(reading: Reading) -> OperatingSystem:
    """Return the system of the tree, one without an id if that cannot be read."""
    try:
        return reading.once(read_os)
    except (Unreadable, BadInput) as problem:
        reading.miss("/etc/os-release", str(problem))
        return linux(name="", version="", title="unknown")


def _of_database(reading: Reading, database: Callable[[Reading], Iterator[Package]]) -> Iterator[Package]:
    """Yield what a database holds, up to the limit; a failure ends it and is noted."""
    place = f"{database.__name__.removeprefix('read_')} database"
    try:
        for count, found in enumerate(database(reading)):
            if count == reading.limits.packages:
                reading.miss(place, f"more than {count} packages: the rest is not read")
                return
            yield found
    except (Unreadable, BadInput) as problem:
        reading.miss(problem.field if isinstance(problem, Unreadable) else place, str(problem))


def _of_files(reading: Reading, candidates: list[Candidate], ownership: Ownership, most: int) -> Iterator[Package]:
    """Yield what files name. A program that the distribution owns is not opened: its list would not be matched."""
    count = 0
    for path, reader in candidates:
        is_owned = path in ownership.owned
        if is_owned and reader is read_binary:
            continue
        for found in _of_file(reading, path, reader):
            count += 1
            if count > most:
                reading.miss("packages", f"more than {reading.limits.packages} packages: the rest is not read")
                return
            yield msgspec.structs.replace(found, owner="distribution") if is_owned else found


def _of_file(reading: Reading, path: str, reader: Reader) -> Iterator[Package]:
    try:
        yield from reader(reading, path)
    except (Unreadable, BadInput) as problem:
        reading.miss(path, str(problem))


def _with_files(found: Package, ownership: Ownership) -> Package:
    is_empty = (found.ecosystem, found.name) in ownership.empty
    return msgspec.structs.replace(found, files_missing=True) if is_empty else found


def _finished(reading: Reading, found: list[Package]) -> tuple[Package, ...]:
    system = system_of(reading)
    found.sort(key=lambda p: (p.ecosystem, p.name, p.place, p.full_version, p.architecture))
    return tuple(msgspec.structs.replace(p, purl=package_url(p, system)) for p in found)
