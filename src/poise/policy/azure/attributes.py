"""What is known of a request, and what a condition says about it.

Source: Microsoft Learn, "Azure role assignment condition format and syntax" and "Actions and attributes for Azure
role assignment conditions". What the vendor does not say (a negated comparison with an attribute that is missing)
stays open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import assert_never

import msgspec

from poise.policy.azure.conditions import (
    ActionMatches,
    Attribute,
    Compare,
    Condition,
    Exists,
    Join,
    Leaf,
    Node,
    Not,
    SubOperationMatches,
)
from poise.policy.globs import matches
from poise.policy.residual import Form, Residual, Truth, all_of, any_of, condition, negate

Value = str | tuple[str, ...] | None
"""Value or values of an attribute; None: it is known to be missing."""
NAMED = re.compile(r"/providers/([^/]+)/(.+)$")


class Facts(msgspec.Struct, frozen=True):
    """What is known of a request."""

    action: str
    """In lower case."""
    attributes: Mapping[str, tuple[str, ...] | None]
    sub_operation: str | None = None
    """`Blob.List` and the like; empty: none; None: not known."""
    is_complete: bool = False
    """Whether every attribute that is not given is missing."""

    @classmethod
    def of(
        cls, action: str, given: Mapping[str, Value], sub_operation: str | None = None, *, is_complete: bool = False
    ) -> Facts:
        """Make facts of attributes as conditions write them: `@Request[...]`."""
        ready = {Attribute.of(name).key: (value,) if isinstance(value, str) else value for name, value in given.items()}
        return cls(action.lower(), ready, sub_operation, is_complete)

    def knows(self, attribute: Attribute) -> bool:
        """Say whether it is known what an attribute is, or that it is missing."""
        return self.is_complete or attribute.key in self.attributes


def names_in(scope: str) -> dict[str, Value]:
    """Return the attributes that follow from an id: the names of an asset and of what it lies in."""
    found = NAMED.search(scope)
    if found is None:
        return {}
    provider, parts = found.group(1), found.group(2).split("/")
    kinds, names = parts[::2], parts[1::2]
    return {
        f"@resource[{provider}/{'/'.join(kinds[: at + 1])}:name]": name
        for at, name in enumerate(names)
        if names[: at + 1] and name
    }


def holds(about: Condition, facts: Facts) -> Truth:
    """Return whether a condition holds."""
    if about.node is None:
        name = f"condition {about.written[:80]!r}"
        return Residual(Form.UNREAD, name, f"it cannot be understood: {about.problem}", about)
    return _truth(about.node, facts)


def _truth(node: Node, facts: Facts) -> Truth:
    if isinstance(node, Not):
        return negate(_truth(node.part, facts))
    if isinstance(node, Join):
        parts = (_truth(part, facts) for part in node.parts)
        return all_of(parts) if node.is_and else any_of(parts)
    found = decide(node, facts)
    return condition(str(node), node) if found is None else found


def decide(leaf: Leaf, facts: Facts) -> bool | None:
    """Return what one comparison says; None if that is not known."""
    if isinstance(leaf, ActionMatches):
        return matches(leaf.pattern.lower(), facts.action)
    if isinstance(leaf, SubOperationMatches):
        known = facts.sub_operation
        return None if known is None else known.lower() == leaf.pattern.lower()
    if isinstance(leaf, Exists):
        known_values = facts.attributes.get(leaf.attribute.key)
        return known_values is not None if facts.knows(leaf.attribute) else None
    if isinstance(leaf, Compare):
        return _compare(leaf, facts)
    assert_never(leaf)


def _compare(leaf: Compare, facts: Facts) -> bool | None:
    sides: list[tuple[str, ...]] = []
    for side in (leaf.left, leaf.right):
        if isinstance(side, Attribute):
            if not facts.knows(side):
                return None
            values = facts.attributes.get(side.key)
            if values is None:
                return None if leaf.operator.is_negated else False
            sides.append(values)
        else:
            sides.append(side)
    return leaf.operator.holds(sides[0], sides[1])
