"""Output formats of compliance reports, one file each: `NAME` and `render(report)`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Protocol, cast

from poise.export.compliance.material import ComplianceReport

NO_FORMATS = frozenset({"every_standard", "material"})


class Format(Protocol):
    """A module of this folder. Its `NAME` is the file's own."""

    NAME: str

    @staticmethod
    def render(report: ComplianceReport) -> Iterator[str] | Iterator[bytes]:
        """Yield the report in this form, in pieces."""
        ...


def names() -> tuple[str, ...]:
    """Return the names of all formats; none is imported."""
    return tuple(info.name for info in pkgutil.iter_modules(__path__) if info.name not in NO_FORMATS)


def get(name: str) -> Format:
    """Import and return one format."""
    return cast("Format", importlib.import_module(f"{__name__}.{name}"))
