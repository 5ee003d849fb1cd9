"""What Azure roles allow.

Source: Microsoft Learn, "Understand Azure role definitions": actions minus notActions in each entry, entries add up,
patterns hold `*` and are compared without case; "Azure built-in roles" for the ids.
"""

from __future__ import annotations

from collections.abc import Iterable

from poise.model.azure.authorization import Permission, RoleAssignment
from poise.policy.globs import matches

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
"""Built-in role Owner."""
GRANT_ROLES = "Microsoft.Authorization/roleAssignments/write"


def allows(permissions: Iterable[Permission], action: str) -> bool:
    """Say whether a role allows a management action."""
    return any(_allows(entry.actions, entry.not_actions, action) for entry in permissions)


def allows_data(permissions: Iterable[Permission], action: str) -> bool:
    """Say whether a role allows a data action."""
    return any(_allows(entry.data_actions, entry.not_data_actions, action) for entry in permissions)


def _allows(actions: Iterable[str], excepted: Iterable[str], action: str) -> bool:
    return _matched(actions, action) and not _matched(excepted, action)


def _matched(patterns: Iterable[str], action: str) -> bool:
    return any(matches(pattern.lower(), action.lower()) for pattern in patterns)


def has_full_control(permissions: Iterable[Permission]) -> bool:
    """Say whether a role is an owner by another name: every action, granting roles included."""
    entries = tuple(permissions)
    return any("*" in entry.actions for entry in entries) and allows(entries, GRANT_ROLES)


def is_role(assignment: RoleAssignment, guid: str) -> bool:
    """Say whether an assignment gives a role; only the last part of its id is the same everywhere."""
    return assignment.role_definition.rsplit("/", 1)[-1] == guid


def covers_subscription(assignment: RoleAssignment) -> bool:
    """Say whether an assignment holds for all of its subscription: given there, or above it."""
    at = assignment.assigned_at
    return at in ("/", f"/subscriptions/{assignment.scope}") or at.startswith("/providers/microsoft.management/")
