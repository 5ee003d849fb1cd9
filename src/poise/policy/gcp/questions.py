"""Questions over many principals or permissions: who can do this, what can this one do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from poise.policy.answer import Answer, Decision, Unread
from poise.policy.gcp.permissions import Inputs, can
from poise.policy.gcp.principals import ANY_ACCOUNT, ANYONE, Principal, canonical

STRANGERS = (ANYONE, ANY_ACCOUNT)


def who_can(permission: str, inputs: Inputs) -> Iterator[tuple[str, Answer]]:
    """Yield strangers, and every principal and group named in the inputs, that can, or may, use a permission.

    Members that stand for many (`domain:`, `principalSet://`) are not principals: ask with one that is in them.
    """
    for member in (*STRANGERS, *_members(inputs)):
        answer = can(member, permission, inputs)
        if answer.decision is not Decision.DENY:
            yield member, answer


def what_can(principal: Principal | str, permissions: Iterable[str], inputs: Inputs) -> Iterator[tuple[str, Answer]]:
    """Yield those of some permissions that a principal can, or may, use."""
    for permission in permissions:
        answer = can(principal, permission, inputs)
        if answer.decision is not Decision.DENY:
            yield permission, answer


def _members(inputs: Inputs) -> list[str]:
    found: set[str] = set()
    for node in inputs.nodes:
        if not isinstance(node.bindings, Unread):
            found.update(node.bindings.by_member)
    if isinstance(inputs.groups, Mapping):
        found.update(map(canonical, inputs.groups))
    return sorted(found)
