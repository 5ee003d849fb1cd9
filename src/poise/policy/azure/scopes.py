"""Scopes of Azure: what lies below what.

Source: Microsoft Learn, "Understand scope for Azure RBAC": management group > subscription > resource group >
resource, ids compared without case; `/` is above all. Where a subscription or management group hangs is told by
nothing in its id, so it is an input.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from poise.policy.answer import Unread
from poise.policy.residual import Form, Residual, Truth

ROOT = "/"
GROUPS = "/providers/microsoft.management/managementgroups/"
SUBSCRIPTIONS = "/subscriptions/"
DEEPEST = 64
"""Azure allows six levels of management groups below the root; what is deeper is a cycle or hostile."""
Parents = Mapping[str, str] | Unread
"""Scope of a subscription or management group -> scope of the management group that it hangs below."""


@lru_cache(maxsize=65_536)
def normal(scope: str) -> str:
    """Return a scope as it is compared: lower case, no slash at its end."""
    return scope.strip().lower().rstrip("/") or ROOT


class Place(msgspec.Struct, frozen=True):
    """A scope, and the management groups above it."""

    scope: str
    above: frozenset[str]
    gap: Unread | None = None
    """Why the management groups above it are not known."""

    @classmethod
    def of(cls, scope: str, parents: Parents) -> Place:
        """Find the management groups above a scope; ``parents`` holds scopes in any case."""
        scope = normal(scope)
        start = _hangs(scope)
        if not start:
            return cls(scope, frozenset())
        if isinstance(parents, Unread):
            return cls(scope, frozenset(), parents)
        return cls(scope, _chain(start, parents))

    def is_below(self, assigned: str) -> Truth:
        """Say whether what is assigned at another scope holds here too."""
        assigned = normal(assigned)
        if assigned in (ROOT, self.scope) or self.scope.startswith(assigned + "/"):
            return True
        if not assigned.startswith(GROUPS):
            return False
        if self.gap is not None:
            return Residual(Form.UNREAD, f"{self.gap.input} ({assigned})", self.gap.reason, ("above", assigned))
        return assigned in self.above


def lowered(parents: Parents) -> Parents:
    """Return the hierarchy with scopes as they are compared."""
    if isinstance(parents, Unread):
        return parents
    return {normal(child): normal(parent) for child, parent in parents.items()}


def _hangs(scope: str) -> str:
    """Return the subscription or management group of a scope, or nothing for the root."""
    parts = scope.split("/")
    if scope.startswith(SUBSCRIPTIONS):
        return "/".join(parts[:3])
    return "/".join(parts[:5]) if scope.startswith(GROUPS) else ""


def _chain(start: str, parents: Mapping[str, str]) -> frozenset[str]:
    found: dict[str, None] = {start: None}
    at: str | None = start
    while at is not None and len(found) <= DEEPEST:
        at = parents.get(at)
        if at is None or at in found:
            break
        found[at] = None
    return frozenset(found)
