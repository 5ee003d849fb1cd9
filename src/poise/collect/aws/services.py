"""Finds the service modules of AWS by walking this folder when asked.

A service module has ``READS`` (the calls it makes), ``PER_REGION`` (whether each region is read apart), and
``collect(reader)``, which yields assets, the state of each listing, and problems.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

import poise.collect.aws as here
from poise.collect.aws.reading.reader import AwsReader
from poise.collect.facts import Piece
from poise.model.listing import Read


class Service(Protocol):
    """A service module."""

    READS: tuple[Read, ...]
    PER_REGION: bool

    @staticmethod
    def collect(reader: AwsReader) -> Iterator[Piece]:
        """Yield what the service has in one region."""
        ...


@cache
def load() -> dict[str, Service]:
    """Return service name -> module, for every module here that states its reads."""
    modules = {
        info.name: importlib.import_module(f"{here.__name__}.{info.name}")
        for info in pkgutil.iter_modules(here.__path__)
        if not info.ispkg
    }
    return {name: cast("Service", module) for name, module in sorted(modules.items()) if hasattr(module, "READS")}
