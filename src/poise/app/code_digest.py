"""A digest of the code that decides verdicts, so that a new version judges everything again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from poise.checks.catalog import ENTRY_POINTS

DECIDING = ("poise.checks", "poise.policy", "poise.secrets", "poise.model", "poise.assess")


RISK = "poise.score"


@cache
def code_digest() -> bytes:
    """Return SHA-256 over the sources of checks, policy, model and engine, installed check packages included."""
    return _digest((*DECIDING, *sorted(point.value for point in entry_points(group=ENTRY_POINTS))))


@cache
def risk_digest() -> bytes:
    """Return SHA-256 over the sources that decide risk levels."""
    return _digest(("poise.policy", "poise.model", RISK))


@cache
def graph_digest() -> bytes:
    """Return SHA-256 over the sources that decide the graph."""
    return _digest(("poise.policy", "poise.model", "poise.graph"))


@cache
def disk_digest() -> bytes:
    """Return SHA-256 over the sources that decide what is read from a disk."""
    return _digest(("poise.disk", "poise.secrets", "poise.model"))


def _digest(packages: tuple[str, ...]) -> bytes:
    digest = hashlib.sha256()
    for package in packages:
        for path in _sources(package):
            digest.update(f"{package}/{path.name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


def _sources(package: str) -> Iterator[Path]:
    for root in import_module(package).__path__:
        yield from sorted(Path(root).rglob("*.py"))
