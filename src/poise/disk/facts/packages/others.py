"""Packages of Rust, Ruby, .NET and PHP, by the files that their tools leave.

Sources: Cargo's manifest format, rubygems' specification files and Bundler's lock file, .NET's deps.json and
packages.lock.json, Composer's composer.lock and installed.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from poise.disk.facts.packages.documents import json_document, table, tables, toml_document, word
from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.host.software import Package

GEM_PLATFORM = re.compile(r"-(?:x86_64|x86|x64|aarch64|arm64|arm|java|universal|i[3-6]86|powerpc|mswin|mingw)[\w.-]*$")
GEM_FIELD = re.compile(r"^\s*s\.(name|version)\s*=\s*(?:Gem::Version\.new\s*\(?\s*)?[\"']([^\"']+)[\"']", re.MULTILINE)
GEM_LOCKED = re.compile(r"    (?P<name>[\w.-]+) \((?P<version>[^)\s]+)\)")
NUGET_OLD = re.compile(r"<package\s+id=\"(?P<name>[^\"]+)\"\s+version=\"(?P<version>[^\"]+)\"")


def read_cargo_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `Cargo.lock`; those without a source are the project's own."""
    for entry in tables(toml_document(reading, path), "package"):
        if word(entry, "source") and word(entry, "name") and word(entry, "version"):
            yield _declared("cargo", word(entry, "name"), word(entry, "version"), path)


def read_gemspec(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the gem that a file in `specifications` describes."""
    fields = dict(reversed(GEM_FIELD.findall(reading.text(path) or "")))
    if fields.get("name") and fields.get("version"):
        yield package(fields["name"], fields["version"], ecosystem="gem", place=path)


def read_gemfile_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the gems of `Gemfile.lock` that come from a gem server; the platform behind a version is taken off."""
    section = ""
    for line in (reading.text(path) or "").split("\n"):
        section = line.strip() if line and line[0] != " " else section
        match = GEM_LOCKED.fullmatch(line.rstrip("\r"))
        if section == "GEM" and match:
            yield _declared("gem", match["name"], GEM_PLATFORM.sub("", match["version"]), path)


def read_deps_json(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages that a .NET program was published with."""
    for key, entry in table(json_document(reading, path), "libraries").items():
        name, _, version = key.partition("/")
        if word(entry, "type") == "package" and version:
            yield package(name, version, ecosystem="nuget", place=path)


def read_nuget_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `packages.lock.json`."""
    seen = set()
    for framework in table(json_document(reading, path), "dependencies").values():
        for name, entry in framework.items() if isinstance(framework, dict) else ():
            found = (name, word(entry, "resolved"))
            if found[1] and word(entry, "type") != "Project" and found not in seen:
                seen.add(found)
                yield _declared("nuget", *found, path)


def read_packages_config(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `packages.config`."""
    for match in NUGET_OLD.finditer(reading.text(path) or ""):
        yield _declared("nuget", match["name"], match["version"], path)


def read_composer_lock(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `composer.lock`."""
    document = json_document(reading, path)
    for section in ("packages", "packages-dev"):
        for entry in tables(document, section):
            if word(entry, "name") and word(entry, "version"):
                yield _declared(
                    "composer",
                    word(entry, "name"),
                    word(entry, "version").removeprefix("v"),
                    path,
                    development=section == "packages-dev",
                )


def read_composer_installed(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages of `vendor/composer/installed.json`, of Composer 1 (a list) or 2 (an object)."""
    document = json_document(reading, path)
    document = {"packages": document} if isinstance(document, list) else document
    names = document.get("dev-package-names") if isinstance(document, dict) else None
    development = names if isinstance(names, list) else []
    for entry in tables(document, "packages"):
        name, version = word(entry, "name"), word(entry, "version").removeprefix("v")
        if name and version:
            yield package(name, version, ecosystem="composer", place=path, development=name in development)


def _declared(ecosystem: str, name: str, version: str, place: str, **facts: Any) -> Package:
    return package(name, version, ecosystem=ecosystem, place=place, state="declared", **facts)
