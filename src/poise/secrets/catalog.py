"""Finds the secret rules by walking their folder when asked."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import poise.secrets.rules as here
from poise.secrets.rule import Rule

ORDER = ("keys", "aws", "azure", "google", "forges", "services", "databases", "logins")
"""Families from the most exact to the least: of two matches on one text the earlier names it."""


@cache
def load() -> tuple[Rule, ...]:
    """Return every rule, the most exact first."""
    families = [info.name for info in pkgutil.iter_modules(here.__path__)]
    families.sort(key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    modules = (importlib.import_module(f"{here.__name__}.{name}") for name in families)
    return tuple(rule for module in modules for rule in module.RULES)
