"""Attacker positions: which values a caller in a given place can give a condition.

A position answers, for one condition, whether the caller can make it true and whether it can make it false.
An Allow is reachable if each of its conditions can be true; a Deny is unavoidable if none can be false.
"""

from __future__ import annotations

import msgspec

from poise.model.errors import BadInput
from poise.policy import globs
from poise.policy.aws.conditions import Condition, Kind, Quantifier
from poise.policy.aws.context import Context
from poise.policy.aws.keys import (
    ALWAYS_PRESENT,
    FALSE_OUTSIDE,
    OF_EVERY_PRINCIPAL,
    Owner,
    account_in,
    is_about_principal,
    names_one_owner,
    owner_of,
)
from poise.policy.aws.operators import holds
from poise.policy.intervals import V4, V6, IpSet, internet, size
from poise.policy.residual import Residual

BROAD = {V4: 2 ** (32 - 8), V6: 2 ** (128 - 32)}
"""A set of addresses larger than this is anyone's (S3 User Guide, "The meaning of public": /8 and /32)."""
NEVER: frozenset[bool] = frozenset()
TRUE = frozenset({True})
FALSE = frozenset({False})
EITHER = frozenset({True, False})


class Position(msgspec.Struct, frozen=True):
    """A caller outside: anyone on the internet, with an account of its own if it likes."""

    account: str | None = None
    """The caller's account where it is known; None for anyone."""
    is_signed: bool | None = None
    """Whether it signs its requests, and so is a principal; None: either."""
    is_inside: bool = False
    """Whether it holds a principal of the owner: then keys of principals can have any value."""
    facts: tuple[tuple[str, tuple[str, ...] | None], ...] = ()
    """Keys, in lower case, whose values follow from the position; None: missing."""

    def outcomes(self, condition: Condition) -> frozenset[bool]:
        """Return the values that the caller can give the condition."""
        known = dict(self.facts)
        if condition.key in known:
            fact = holds(condition, Context(known))
            return frozenset({fact}) if isinstance(fact, bool) else EITHER
        if self.is_inside and is_about_principal(condition.key):
            return EITHER
        presence = self._presence(condition.key)
        if condition.operator.kind is Kind.NULL:
            return _null(condition, presence)
        found: set[bool] = set()
        if True in presence:
            found |= self._of_present(condition)
        if False in presence:
            found.add(_of_absent(condition))
        return frozenset(found)

    def outcomes_of(self, leaf: Residual) -> frozenset[bool]:
        """Return the values that a leaf of a residual can take; what is no condition can take either."""
        return self.outcomes(leaf.test) if isinstance(leaf.test, Condition) else EITHER

    def can_meet(self, conditions: tuple[Condition, ...]) -> bool:
        """Say whether the caller can make all conditions true."""
        return all(True in self.outcomes(condition) for condition in conditions)

    def cannot_avoid(self, conditions: tuple[Condition, ...]) -> bool:
        """Say whether all conditions are true whatever the caller does."""
        return all(False not in self.outcomes(condition) for condition in conditions)

    def _presence(self, key: str) -> frozenset[bool]:
        """Return whether the key can be there, can be missing, or both."""
        if self.is_signed is False and is_about_principal(key):
            return FALSE
        if key in ALWAYS_PRESENT or (key in OF_EVERY_PRINCIPAL and (self.account or self.is_signed)):
            return TRUE
        return FALSE if owner_of(key) is Owner.SERVICE_CALL else EITHER

    def _of_present(self, condition: Condition) -> frozenset[bool]:
        positive = self._positive(condition)
        if condition.operator.is_negated:
            return frozenset(not value for value in positive)
        return positive

    def _positive(self, condition: Condition) -> frozenset[bool]:
        """Return what a present value can give the operator, its negation left aside."""
        if not condition.values:
            return FALSE
        owner = owner_of(condition.key)
        if condition.key in FALSE_OUTSIDE:
            return frozenset(value.lower() == "false" for value in condition.values[:1])
        if owner is Owner.ADDRESS and condition.operator.kind is Kind.IP:
            return _addresses(condition)
        if owner in (Owner.CALLER, Owner.ADDRESS, Owner.SERVICE_CALL, Owner.RESOURCE):
            return TRUE if condition.operator.kind in (Kind.LIKE, Kind.ARN) and "*" in condition.values else EITHER
        return self._owned(condition, owner)

    def _owned(self, condition: Condition, owner: Owner) -> frozenset[bool]:
        found: set[bool] = set()
        for value in condition.values:
            outcome = self._value(condition, owner, value)
            if outcome == TRUE or _admits_all(condition, value):
                return TRUE
            found |= outcome
        return frozenset(found | {False}) if self.account is None else frozenset(found)

    def _value(self, condition: Condition, owner: Owner, value: str) -> frozenset[bool]:
        wild = condition.operator.kind in (Kind.LIKE, Kind.ARN)
        if self.account is not None and owner is Owner.ACCOUNT and condition.key in _CALLER_ACCOUNT:
            return TRUE if (globs.matches if wild else str.__eq__)(value, self.account) else FALSE
        if not wild and "${" not in value:
            return self._literal(owner, value)
        return self._literal(owner, value) if names_one_owner(owner, value) else EITHER

    def _literal(self, owner: Owner, value: str) -> frozenset[bool]:
        """One owner is named: a stranger is not it; a known account may be, where nothing says otherwise."""
        if self.account is None:
            return FALSE
        named = account_in(owner, value)
        return FALSE if named and named != self.account else EITHER


_CALLER_ACCOUNT = frozenset({"aws:principalaccount", "kms:calleraccount"})
ANYONE = Position()
STRANGERS = (Position(is_signed=True), Position(is_signed=False))
"""The two ways of being nobody in particular: with an account of one's own, and anonymous."""


def _null(condition: Condition, presence: frozenset[bool]) -> frozenset[bool]:
    wants_missing = any(value.lower() == "true" for value in condition.values)
    return frozenset(present is not wants_missing for present in presence)


def _of_absent(condition: Condition) -> bool:
    if condition.quantifier is Quantifier.ALL or condition.if_exists:
        return True
    if condition.quantifier is Quantifier.ANY:
        return False
    return condition.operator.is_negated


def _admits_all(condition: Condition, value: str) -> bool:
    return condition.operator.kind in (Kind.LIKE, Kind.ARN) and not value.strip("*:")


def _addresses(condition: Condition) -> frozenset[bool]:
    try:
        named = IpSet.from_cidrs(condition.values)
    except BadInput:
        return EITHER
    reachable = named & internet()
    if named.is_internet(V4) and named.is_internet(V6):
        return TRUE
    return EITHER if any(size(reachable.family(v)) > BROAD[v] for v in (V4, V6)) else FALSE
