"""Which files name packages, and how each is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from poise.disk.facts.packages import binaries, java, javascript, others, python
from poise.disk.facts.reading import Reading
from poise.disk.tree import FileFacts
from poise.model.host.software import Package

Reader = Callable[[Reading, str], Iterator[Package]]
BY_NAME: dict[str, Reader] = {
    "package-lock.json": javascript.read_package_lock,
    "npm-shrinkwrap.json": javascript.read_package_lock,
    "yarn.lock": javascript.read_yarn_lock,
    "pnpm-lock.yaml": javascript.read_pnpm_lock,
    "poetry.lock": python.read_toml_lock,
    "uv.lock": python.read_toml_lock,
    "pdm.lock": python.read_toml_lock,
    "pylock.toml": python.read_toml_lock,
    "Pipfile.lock": python.read_pipfile_lock,
    "Cargo.lock": others.read_cargo_lock,
    "Gemfile.lock": others.read_gemfile_lock,
    "composer.lock": others.read_composer_lock,
    "packages.lock.json": others.read_nuget_lock,
    "packages.config": others.read_packages_config,
}
"""Whole file name -> reader."""
REQUIREMENTS = re.compile(r"requirements[\w.-]*\.txt")
COMPOSER_INSTALLED = "/vendor/composer/installed.json"
JAVA = (".jar", ".war", ".ear", ".par", ".sar", ".jpi", ".hpi", ".kar", ".lpkg")
SCRIPTS = frozenset(
    ("sh", "py", "pl", "rb", "js", "ts", "php", "txt", "md", "json", "yml", "yaml", "html", "css", "xml")
)
LEAST_PROGRAM = 4096


def reader_of(path: str, facts: FileFacts) -> Reader | None:
    """Return how a file is read, or None if it names no package by its path."""
    name = path.rpartition("/")[2]
    by_name = BY_NAME.get(name)
    if by_name:
        return None if "/node_modules/" in path else by_name
    if name in ("METADATA", "PKG-INFO") or name.endswith(".egg-info"):
        return python.read_metadata if python.INSTALLED.search(path) else None
    if name == "package.json":
        return javascript.read_package_json if javascript.INSTALLED.search(path) else None
    if name.endswith(".gemspec"):
        return others.read_gemspec if "/specifications/" in path else None
    if name.endswith(".deps.json"):
        return others.read_deps_json
    if path.endswith(COMPOSER_INSTALLED):
        return others.read_composer_installed
    if name.lower().endswith(JAVA):
        return java.read_java
    if REQUIREMENTS.fullmatch(name):
        return None if "/site-packages/" in path or "/dist-packages/" in path else python.read_requirements
    return binaries.read_binary if _may_be_program(name, facts) else None


def _may_be_program(name: str, facts: FileFacts) -> bool:
    """Whether a file is executable, or a Windows program, and no shared library of C."""
    if facts.size_bytes < LEAST_PROGRAM:
        return False
    stem, dot, suffix = name.rpartition(".")
    if suffix.lower() == "exe":
        return True
    return bool(facts.mode & 0o111) and ".so" not in name and not (dot and stem and suffix in SCRIPTS)
