"""What each statement of a role's trust policy demands of whoever takes the role.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators". A demand is a condition that is false
when its key is missing or has any other value: negated operators, `IfExists`, `ForAllValues`, `Null` and
patterns of wildcards alone demand nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from poise.policy import globs
from poise.policy.aws.conditions import Condition, Kind, Quantifier
from poise.policy.aws.document import Policy, Statement, parse
from poise.policy.aws.principals import Who
from poise.policy.memo import remembered

WEB_IDENTITY = "sts:assumerolewithwebidentity"
ASSUME = "sts:assumerole"


class Terms(msgspec.Struct, frozen=True):
    """The terms of one allowing statement."""

    index: int
    """Position of the statement in its document, from 0."""
    place: str
    """Its name for a person."""
    federated: tuple[str, ...]
    """Federated principals that it names."""
    demands: Mapping[str, tuple[str, ...]]
    """Condition key in lower case -> the values of which one must be shown."""
    keys: frozenset[str]
    """Every condition key that it names, demanded or not."""

    def demands_any_of(self, *keys: str) -> bool:
        """Whether one of the keys is demanded."""
        return any(key in self.demands for key in keys)


def terms_of(document: Any) -> dict[int, Terms]:
    """Return the terms of every statement that allows something and can be understood, by position."""
    return _terms_by_place(parse(document))


@remembered(256)
def _terms_by_place(policy: Policy) -> dict[int, Terms]:
    everywhere = [c for s in policy.statements if not s.is_allow for c in _demanded_by_deny(s)]
    return {s.index: _terms(s, everywhere) for s in policy.statements if s.is_allow and not s.problem}


def names_service(document: Any, service: str) -> bool:
    """Say whether a trust policy allows a service to take the role."""
    return any(
        one.who is Who.SERVICE and one.text == service
        for statement in parse(document).statements
        if statement.is_allow and statement.principals is not None
        for one in statement.principals.members
    )


def trusted_principals(document: Any) -> frozenset[str]:
    """Return the users, roles and accounts (as bare ids) whom a trust policy allows to assume the role by name.

    Statements with conditions are left out: whether they hold is not known.
    """
    return frozenset(
        one.text
        for statement in parse(document).statements
        if statement.is_allow and statement.principals is not None and not statement.conditions
        for one in statement.principals.members
        if one.who in (Who.PRINCIPAL, Who.ACCOUNT)
    )


def _terms(statement: Statement, everywhere: list[Condition]) -> Terms:
    demanded = [c for c in statement.conditions if _is_demand(c)]
    members = statement.principals.members if statement.principals is not None else ()
    return Terms(
        statement.index,
        statement.place,
        tuple(one.text for one in members if one.who is Who.FEDERATED),
        {c.key: c.values for c in (*everywhere, *demanded)},
        frozenset(c.key for c in (*statement.conditions, *everywhere)),
    )


def _is_demand(condition: Condition) -> bool:
    if condition.operator.is_negated or condition.if_exists or condition.quantifier is Quantifier.ALL:
        return False
    if condition.operator.kind is Kind.NULL or not condition.values:
        return False
    wild = condition.operator.kind in (Kind.LIKE, Kind.ARN)
    return not any(wild and not value.strip(globs.MANY + "?") for value in condition.values)


def _demanded_by_deny(deny: Statement) -> tuple[Condition, ...]:
    """Return what a deny for everyone with one negated condition demands: it holds when the key is missing."""
    for_all = deny.principals is not None and deny.principals.includes_anyone
    about = any(globs.covers(pattern, ASSUME) for pattern in deny.actions or ())
    if deny.problem or not for_all or not about or len(deny.conditions) != 1:
        return ()
    only = deny.conditions[0]
    plain = only.operator.is_negated and only.quantifier is Quantifier.NONE
    return (only,) if plain else ()
