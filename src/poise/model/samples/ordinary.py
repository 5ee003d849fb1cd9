"""Finds the ordinary asset of a kind among the samples."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import poise.model.samples as here
from poise.model.asset import Asset
from poise.model.errors import UsageError


@cache
def places() -> dict[type[Asset], tuple[str, str, Asset]]:
    """Return record class -> module and name of its first sample, and the sample itself."""
    found: dict[type[Asset], tuple[str, str, Asset]] = {}
    for info in pkgutil.iter_modules(here.__path__, f"{here.__name__}."):
        if info.name != __name__:
            for name, value in vars(importlib.import_module(info.name)).items():
                if isinstance(value, Asset):
                    found.setdefault(type(value), (info.name, name, value))
    return found


def ordinary(kind: type[Asset]) -> Asset:
    """Return an asset of a kind as it should be; raises :class:`UsageError` if there is no sample."""
    if kind not in places():
        raise UsageError(f"There is no sample of {kind.__name__}.", "Write one in poise/model/samples first.")
    return places()[kind][2]
