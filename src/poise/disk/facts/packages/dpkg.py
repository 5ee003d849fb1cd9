"""Debian's package database: `/var/lib/dpkg/status` and the pieces of it that small images keep in `status.d`.

Source: dpkg(1), deb-src-control(5): `Status` has three words (wanted, error, state); `Source: name (version)` is there
where name or version differ from the binary package's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.host.software import Package

STATUS = "/var/lib/dpkg/status"
STATUS_FOLDER = "/var/lib/dpkg/status.d"
ON_DISK = {
    "installed": "installed",
    "triggers-pending": "installed",
    "triggers-awaited": "installed",
    "unpacked": "unpacked",
    "half-configured": "half-configured",
    "half-installed": "half-installed",
}
"""States in which a package has files on disk; `not-installed` and `config-files` are none of them."""
SOURCE = re.compile(r"(?P<name>\S+)(?: \((?P<version>[^)]*)\))?")
VERSION = re.compile(r"(?:(?P<epoch>\d+):)?(?P<rest>.*)")


def read_dpkg(reading: Reading) -> Iterator[Package]:
    """Yield what dpkg has installed. Raises :class:`Unreadable`."""
    for place in (STATUS, *status_pieces(reading)):
        for fields in paragraphs(reading.text(place) or ""):
            found = to_package(fields, place)
            if found:
                yield found


def status_pieces(reading: Reading) -> list[str]:
    """Return the files of `status.d`, checksums and other companions left out."""
    return [path for path in reading.files(STATUS_FOLDER) if not path.endswith((".md5sums", ".list", ".conffiles"))]


def paragraphs(text: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each paragraph, the first line of each alone: no longer one is needed."""
    fields: dict[str, str] = {}
    for line in text.split("\n"):
        if not line.strip():
            if fields:
                yield fields
            fields = {}
        elif line[0] not in " \t":
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    if fields:
        yield fields


def to_package(fields: dict[str, str], place: str) -> Package | None:
    """Return the package of a paragraph, or None if it is not on disk."""
    words = fields.get("Status", "install ok installed").split()
    name, version = fields.get("Package", ""), fields.get("Version", "")
    if not name or not version or words[-1:] == [] or words[-1] not in ON_DISK:
        return None
    state = "held" if words[0] == "hold" and words[-1] == "installed" else ON_DISK[words[-1]]
    source = SOURCE.match(fields.get("Source", ""))
    parts = VERSION.fullmatch(version)
    assert parts is not None
    return package(
        name,
        parts["rest"],
        ecosystem="deb",
        epoch=int(parts["epoch"][:9]) if parts["epoch"] else None,
        architecture=fields.get("Architecture", ""),
        source=source["name"] if source else name,
        source_version=(source["version"] if source else None) or version,
        origin=fields.get("Maintainer", ""),
        place=place,
        state=state,
    )
