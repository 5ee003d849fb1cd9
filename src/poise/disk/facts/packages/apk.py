"""Alpine's package database: paragraphs of one-letter fields.

Source: https://wiki.alpinelinux.org/wiki/Apk_spec, installed database: P name, V version, A architecture, o origin,
m maintainer, F folder, R file in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.host.software import Package

PLACES = ("/usr/lib/apk/db/installed", "/lib/apk/db/installed")


def read_apk(reading: Reading) -> Iterator[Package]:
    """Yield the installed packages. Raises :class:`Unreadable`."""
    for place, block in _blocks(reading):
        fields = {line[:1]: line[2:] for line in reversed(block) if line[1:2] == ":"}
        name, version = fields.get("P", ""), fields.get("V", "")
        if name and version:
            yield package(
                name,
                version,
                ecosystem="apk",
                architecture=fields.get("A", ""),
                source=fields.get("o", "") or name,
                source_version=version,
                origin=fields.get("m", ""),
                place=place,
            )


def apk_files(reading: Reading) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the name and the paths of the files of each package."""
    for _, block in _blocks(reading):
        name = next((line[2:] for line in block if line.startswith("P:")), "")
        yield name, _paths(block)


def _paths(block: list[str]) -> Iterator[str]:
    folder = ""
    for line in block:
        if line.startswith("F:"):
            folder = line[2:]
        elif line.startswith("R:"):
            yield f"/{folder}/{line[2:]}" if folder else f"/{line[2:]}"


def _blocks(reading: Reading) -> Iterator[tuple[str, list[str]]]:
    place = next((path for path in PLACES if reading.is_file(path)), None)
    for block in (reading.text(place) or "").split("\n\n") if place else ():
        yield place or "", block.split("\n")
