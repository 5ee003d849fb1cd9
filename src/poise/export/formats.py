"""Finds the formats by walking this folder when asked; one is imported when it is used."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Protocol, cast

import poise.export as here
from poise.export.report import Report

NO_FORMATS = frozenset({"compliance", "cyclonedx_vex", "formats", "machines", "printing", "report"})


class Format(Protocol):
    """A module of this folder. Its `NAME` is the file's own."""

    NAME: str

    @staticmethod
    def render(report: Report) -> Iterator[str] | Iterator[bytes]:
        """Yield the report in this form, in pieces."""
        ...


def names() -> tuple[str, ...]:
    """Return the names of all formats; none is imported."""
    return tuple(info.name for info in pkgutil.iter_modules(here.__path__) if info.name not in NO_FORMATS)


def get(name: str) -> Format:
    """Import and return one format."""
    return cast("Format", importlib.import_module(f"{here.__name__}.{name}"))
