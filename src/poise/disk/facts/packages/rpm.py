"""Installed rpms, from whichever database the distribution uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.packages import rpm_header as header
from poise.disk.facts.packages.package import package
from poise.disk.facts.packages.rpm_stores import bdb_headers, ndb_headers, sqlite_headers
from poise.disk.facts.reading import Reading
from poise.disk.tree import resolve
from poise.model.errors import BadInput
from poise.model.host.software import Package

FOLDERS = ("/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm")
STORES = ("rpmdb.sqlite", "Packages.db", "Packages")
MANIFEST = "/var/lib/rpmmanifest/container-manifest-2"
SOURCE_NAME = re.compile(r"(?P<name>.+)-(?P<version>[^-]+-[^-]+)\.(?:no)?src\.rpm")
MODULAR_RELEASE = re.compile(r"\.module[+_]")
BASIC = frozenset(
    (header.NAME, header.VERSION, header.RELEASE, header.EPOCH, header.VENDOR, header.ARCHITECTURE, header.SOURCE_RPM,
     header.MODULE)
)  # fmt: skip
FILES = frozenset((header.NAME, header.OLD_FILES, header.BASENAMES, header.FOLDERS, header.FOLDER_INDEXES))


def read_rpm(reading: Reading) -> Iterator[Package]:
    """Yield the installed rpms; keys of packagers, kept as packages named `gpg-pubkey`, are none."""
    for place in databases(reading):
        for values in _headers(reading, place, BASIC):
            if header.text(values, header.NAME) not in ("", "gpg-pubkey"):
                yield to_package(values, place)
    for line in reading.lines(MANIFEST):
        columns = line.text.split("\t")
        if len(columns) >= 10:
            yield _of_manifest(columns)


def rpm_files(reading: Reading) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the name and the paths of the files of each installed rpm."""
    for place in databases(reading):
        for values in _headers(reading, place, FILES):
            yield header.text(values, header.NAME), header.paths(values)


def databases(reading: Reading) -> list[str]:
    """Return the database in use of each folder that has one; folders that are links to each other count once."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in (f"{folder}/{name}" for name in STORES):
            if reading.is_file(path):
                found.setdefault(resolve(reading.tree, path) or path, path)
                break
    return list(found.values())


def to_package(values: header.Values, place: str) -> Package:
    """Return the package of a header."""
    source = SOURCE_NAME.fullmatch(header.text(values, header.SOURCE_RPM))
    release = header.text(values, header.RELEASE)
    label = header.text(values, header.MODULE)
    return package(
        header.text(values, header.NAME),
        header.text(values, header.VERSION),
        ecosystem="rpm",
        epoch=header.number(values, header.EPOCH),
        release=release,
        architecture=header.text(values, header.ARCHITECTURE),
        source=source["name"] if source else "",
        source_version=source["version"] if source else "",
        module=label or ("modular" if MODULAR_RELEASE.search(release) else ""),
        origin=header.text(values, header.VENDOR),
        place=place,
    )


def _headers(reading: Reading, place: str, wanted: frozenset[int]) -> Iterator[header.Values]:
    """Yield the headers of a database; one that is not sound is noted and left out."""
    for count, blob in enumerate(_blobs(reading, place)):
        try:
            yield header.parse(blob, wanted)
        except BadInput as problem:
            reading.miss(place, f"header {count + 1}: {problem}")


def _blobs(reading: Reading, place: str) -> Iterator[bytes]:
    if place.endswith(".sqlite"):
        most = reading.limits.database_bytes
        log = reading.content(f"{place}-wal", most)
        yield from sqlite_headers(reading.content(place, most) or b"", log)
        return
    with reading.open(place) as file:
        yield from (ndb_headers if place.endswith(".db") else bdb_headers)(file)


def _of_manifest(columns: list[str]) -> Package:
    """Return the package of a line of the manifest that images without a database carry.

    Columns: name, version-release, installed, built, vendor, epoch or `(none)`, size, architecture, epoch number,
    source.
    """
    version, _, release = columns[1].rpartition("-")
    source = SOURCE_NAME.fullmatch(columns[9])
    epoch = int(columns[8]) if columns[8].isdigit() and len(columns[8]) < 10 else 0
    return package(
        columns[0],
        version,
        ecosystem="rpm",
        epoch=epoch or None,
        release=release,
        architecture=columns[7],
        source=source["name"] if source else "",
        source_version=source["version"] if source else "",
        origin=columns[4],
        place=MANIFEST,
        module="modular" if MODULAR_RELEASE.search(release) else "",
    )
