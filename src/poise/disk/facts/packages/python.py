"""Python packages: installed ones by their metadata, and what lock files pin.

Sources: PyPA specifications (core metadata, recorded projects, name normalization: PEP 503), pip's requirements format,
Poetry's, Pipenv's, uv's and pylock's lock files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from poise.disk.facts.packages.documents import json_document, table, tables, toml_document, word
from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.host.software import Package

HEAD_BYTES = 64 << 10
PIN = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*(?P<version>[\w.!+-]+)\s*(?:[;#\\].*|--hash.*)?$"
)
NOT_PUBLISHED = ("virtual", "editable", "directory", "path", "workspace")
INSTALLED = re.compile(r"(?:\.dist-info/METADATA|\.egg-info/PKG-INFO|\.egg-info|/EGG-INFO/PKG-INFO)$")


def read_metadata(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the package of a `METADATA` or `PKG-INFO` file."""
    with reading.open(path) as file:
        head = file.read(HEAD_BYTES).decode("utf-8", "replace")
    head = re.split(r"\r?\n\r?\n", head, maxsplit=1)[0]
    fields = dict(re.findall(r"^(Name|Version):[ \t]*(.*?)\s*$", head, re.MULTILINE))
    if fields.get("Name") and fields.get("Version"):
        yield _pypi(fields["Name"], fields["Version"], path, state="installed")


def read_requirements(reading: Reading, path: str) -> Iterator[Package]:
    """Yield what a requirements file pins to one version; ranges name no version and are left out."""
    for line in reading.lines(path):
        match = PIN.match(line.text)
        if match:
            yield _pypi(match["name"], match["version"], line.place)


def read_toml_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `poetry.lock`, `uv.lock`, `pdm.lock` or `pylock.toml`, without the project itself."""
    document = toml_document(reading, path)
    for entry in (*tables(document, "package"), *tables(document, "packages")):
        if word(entry, "name") and word(entry, "version") and _is_published(entry):
            yield _pypi(word(entry, "name"), word(entry, "version"), path, development=word(entry, "category") == "dev")


def read_pipfile_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `Pipfile.lock`."""
    document = json_document(reading, path)
    for section in ("default", "develop"):
        for name, entry in table(document, section).items():
            version = word(entry, "version")
            if version.startswith("=="):
                yield _pypi(name, version.lstrip("="), path, development=section == "develop")


def normal_name(name: str) -> str:
    """Return a name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _pypi(name: str, version: str, place: str, **facts: Any) -> Package:
    return package(normal_name(name), version, ecosystem="pypi", place=place, **({"state": "declared"} | facts))


def _is_published(entry: dict[str, Any]) -> bool:
    return not any(name in table(entry, "source") for name in NOT_PUBLISHED)
