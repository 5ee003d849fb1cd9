"""Output formats of the command line, one file each: `NAME` and `render(answer)`; found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

from poise.cli.output.answer import Answer


class Format(Protocol):
    """A module of this folder."""

    NAME: str

    @staticmethod
    def render(answer: Answer) -> Iterator[str]:
        """Yield the answer in this form, in pieces."""
        ...


@cache
def load() -> dict[str, Format]:
    """Return format name -> module."""
    found = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return {module.NAME: cast("Format", module) for module in found}
