"""Finds the formats by walking this folder when asked; importing changes nothing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

import poise.export as here
from poise.export.report import Report


class Format(Protocol):
    """A module that states its `NAME`."""

    NAME: str

    @staticmethod
    def render(report: Report) -> Iterator[str]:
        """Yield the report in this form, in pieces."""
        ...


@cache
def load() -> dict[str, Format]:
    """Return format name -> module, for every module here that states its name."""
    found = (
        importlib.import_module(f"{here.__name__}.{info.name}")
        for info in pkgutil.iter_modules(here.__path__)
        if info.name not in ("formats", "report")
    )
    return {module.NAME: cast("Format", module) for module in found if hasattr(module, "NAME")}
