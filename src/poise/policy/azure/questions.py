"""Questions over many principals or actions: who can do this, what can this one do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from poise.policy.answer import Answer, Decision, Unread
from poise.policy.azure.permissions import Inputs, can


def who_can(action: str, scope: str, inputs: Inputs) -> Iterator[tuple[str, Answer]]:
    """Yield every principal that is named anywhere in the inputs and can, or may, do an action; groups included."""
    for principal in _principals(inputs):
        answer = can(principal, action, scope, inputs)
        if answer.decision is not Decision.DENY:
            yield principal, answer


def what_can(principal: str, actions: Iterable[str], scope: str, inputs: Inputs) -> Iterator[tuple[str, Answer]]:
    """Yield those of some actions that a principal can, or may, do."""
    for action in actions:
        answer = can(principal, action, scope, inputs)
        if answer.decision is not Decision.DENY:
            yield action, answer


def _principals(inputs: Inputs) -> list[str]:
    found: set[str] = set()
    for mapping in (inputs.assignments, inputs.groups, inputs.eligible_groups):
        if isinstance(mapping, Mapping):
            found.update(mapping)
    if not isinstance(inputs.classic, Unread):
        found.update(one.principal for one in inputs.classic)
    return sorted(found)
