"""Output formats of the command line, one file each: `NAME`, which is the file's own, and `render(answer)`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Protocol, cast

from poise.cli.output.answer import Answer


class Format(Protocol):
    """A module of this folder."""

    NAME: str

    @staticmethod
    def render(answer: Answer) -> Iterator[str]:
        """Yield the answer in this form, in pieces."""
        ...


def names() -> tuple[str, ...]:
    """Return the names of all formats; none is imported."""
    return tuple(info.name for info in pkgutil.iter_modules(__path__))


def get(name: str) -> Format:
    """Import and return one format."""
    return cast("Format", importlib.import_module(f"{__name__}.{name}"))
