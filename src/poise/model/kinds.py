"""The kinds of assets we keep typed records of, found by walking the record modules when asked."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import poise.model as here
from poise.model.asset import Asset

RECORD_PACKAGES = ("aws", "azure", "host", "repo")
ACCOUNT_KIND = {
    "aws": "AWS::::Account",
    "azure": "Microsoft.Resources/subscriptions",
    "host": "Hosts",
    "repo": "GitHub::Owner",
}
"""The kind that stands for the scope itself; checks of an unlisted kind give their `unknown` there."""
TENANT_KIND = {"azure": "Microsoft.Entra/tenant"}
"""The kind that stands for the directory, where a provider has one that is a scope of its own."""


@cache
def by_kind() -> dict[str, type[Asset]]:
    """Return provider's type name -> asset class, for every record module."""
    found: dict[str, type[Asset]] = {}
    for package in RECORD_PACKAGES:
        parent = importlib.import_module(f"{here.__name__}.{package}")
        for module in pkgutil.iter_modules(parent.__path__, f"{parent.__name__}."):
            members = vars(importlib.import_module(module.name)).values()
            found |= {m.KIND: m for m in members if isinstance(m, type) and issubclass(m, Asset) and m.KIND}
    return dict(sorted(found.items()))


def scope_kind(provider: str) -> type[Asset]:
    """Return the class of the asset that stands for a scope of this provider."""
    return by_kind()[ACCOUNT_KIND[provider]]


def scope_kinds(provider: str) -> frozenset[str]:
    """Return the kinds of the assets that stand for a scope of this provider: accounts, and its directory."""
    return frozenset(filter(None, (ACCOUNT_KIND[provider], TENANT_KIND.get(provider))))
