"""Finds the service modules of Azure by walking this folder when asked.

A service module has ``READS`` (the calls it makes) and ``collect(reader)``, which yields assets, the state of each
listing, and problems. Resource Manager lists a whole subscription at once, so a service is one partition. Modules of
`entra/` read a tenant in the same way.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Protocol, cast

import poise.collect.azure as here
import poise.collect.azure.entra as below
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Piece
from poise.model.listing import Read


class Service(Protocol):
    """A service module."""

    READS: tuple[Read, ...]

    @staticmethod
    def collect(reader: AzureReader) -> Iterator[Piece]:
        """Yield what the service has in one subscription."""
        ...


@cache
def load() -> dict[str, Service]:
    """Return service name -> module, for every module here that states its reads."""
    return _modules(here)


@cache
def of_tenants() -> dict[str, Service]:
    """Return service name -> module, for those that read a tenant; no name is that of a service of subscriptions."""
    return _modules(below)


def _modules(package: ModuleType) -> dict[str, Service]:
    modules = {
        info.name: importlib.import_module(f"{package.__name__}.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
        if not info.ispkg
    }
    return {name: cast("Service", module) for name, module in sorted(modules.items()) if hasattr(module, "READS")}
