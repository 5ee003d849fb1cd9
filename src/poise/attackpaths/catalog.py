"""Finds every rule by walking the folder when asked; importing changes nothing. A file's name is the rule's id."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from poise.attackpaths import rules as here
from poise.attackpaths.rule import Rule


@cache
def rules() -> Mapping[str, Rule]:
    """Return id -> rule, by id."""
    found = {}
    for info in pkgutil.iter_modules(here.__path__):
        module = importlib.import_module(f"{here.__name__}.{info.name}")
        found[info.name] = replace(module.RULE, id=info.name)
    return dict(sorted(found.items()))
