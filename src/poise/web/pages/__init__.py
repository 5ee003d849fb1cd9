"""One module a screen: a route function, and what its template shows. Found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from fastapi import APIRouter


def routers() -> Iterator[APIRouter]:
    """Yield the router of every screen."""
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        yield importlib.import_module(f"{__name__}.{module}").router
