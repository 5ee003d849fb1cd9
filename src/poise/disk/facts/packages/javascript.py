"""npm packages: installed ones by their `package.json`, and what lock files pin.

Sources: npm's package-lock.json page (versions 1 to 3), Yarn's lock files (classic and berry), pnpm's lock file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from poise.disk.facts.packages.documents import json_document, table, word
from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.host.software import Package

INSTALLED = re.compile(r"/node_modules/(?:@[^/]+/)?[^/]+/package\.json$")
PNPM_OLD = re.compile(r"/(?P<name>(?:@[^/]+/)?[^/@]+)/(?P<version>\d[^/_(]*)")
PNPM_NEW = re.compile(r"/?(?P<name>(?:@[^/]+/)?[^/@]+)@(?P<version>\d[^(]*)")
YARN_HEAD = re.compile(r'"?(?P<name>(?:@[^/"]+/)?[^@"/]+)@(?P<range>[^",]*)')
DEEPEST = 64


def read_package_json(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the package that a `package.json` in `node_modules` describes."""
    document = json_document(reading, path)
    name, version = word(document, "name"), word(document, "version")
    if name and version:
        yield _npm(name, version, path, state="installed")


def read_package_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `package-lock.json`, of whichever version; links and the project itself are none."""
    document = json_document(reading, path)
    places = table(document, "packages")
    if not places:
        yield from _of_version_1(document, path, DEEPEST)
    for place, entry in places.items():
        name = word(entry, "name") or place.rpartition("node_modules/")[2]
        if "node_modules/" in place and word(entry, "version") and entry.get("link") is not True:
            yield _npm(name, word(entry, "version"), path, development=entry.get("dev") is True)


def read_yarn_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `yarn.lock`, classic or berry."""
    head: re.Match[str] | None = None
    for line in (reading.text(path) or "").split("\n"):
        if line and line[0] not in " #":
            head = YARN_HEAD.match(line)
        elif head and (match := re.match(r'  version:? "?([^"\s]+)"?$', line)):
            found = _of_yarn(head, match[1])
            if found:
                yield _npm(*found, path)


def read_pnpm_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `pnpm-lock.yaml`."""
    section, seen = "", set()
    for line in (reading.text(path) or "").split("\n"):
        if line and line[0] not in " #":
            section = line.strip().rstrip(":")
        match = re.match(r"  ['\"]?(\S[^'\"]*?)['\"]?:\s*(?:\{.*)?$", line) if section == "packages" else None
        key = match and (PNPM_OLD.match(match[1]) or PNPM_NEW.match(match[1]))
        if key and (found := (key["name"], key["version"])) not in seen:
            seen.add(found)
            yield _npm(*found, path)


def _of_version_1(document: Any, path: str, deepest: int) -> Iterator[Package]:
    for name, entry in table(document, "dependencies").items():
        version = word(entry, "version")
        alias = re.fullmatch(r"npm:(.+)@(.+)", version)
        if alias:
            name, version = alias[1], alias[2]
        if version[:1].isdigit():
            yield _npm(name, version, path, development=isinstance(entry, dict) and entry.get("dev") is True)
        if deepest:
            yield from _of_version_1(entry, path, deepest - 1)


def _of_yarn(head: re.Match[str], version: str) -> tuple[str, str] | None:
    """Return name and version of an entry; the project's own folders (`workspace:`) are none, an alias is resolved."""
    if version == "0.0.0-use.local" or head["range"].startswith(("workspace:", "link:", "portal:", "file:")):
        return None
    alias = re.match(r"npm:((?:@[^/]+/)?[^@/]+)@", head["range"])
    return (alias[1] if alias else head["name"]), version


def _npm(name: str, version: str, place: str, **facts: Any) -> Package:
    return package(name, version, ecosystem="npm", place=place, **({"state": "declared"} | facts))
