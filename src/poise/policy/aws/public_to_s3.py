"""What S3 itself calls a public bucket policy: the policies on which `RestrictPublicBuckets` acts.

Source: S3 User Guide, "The meaning of public": a policy is public unless every Allow is pinned to fixed
values, without wildcards, of a principal or of a few condition keys.
"""

from __future__ import annotations

from poise.policy import globs
from poise.policy.aws.conditions import Condition, Kind, Quantifier
from poise.policy.aws.document import Policy, Statement
from poise.policy.aws.keys import OWN_RESOURCE, Owner, names_one_owner, owner_of
from poise.policy.aws.positions import ANYONE

_FIXED_KEYS = frozenset(
    {
        *("aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount"),
        *("aws:userid", "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount"),
        *("aws:principalarn", "s3:dataaccesspointarn", "s3:dataaccesspointaccount", "aws:sourceip"),
    }
)


def counts_as_public(policy: Policy, *, names_points: bool = True) -> bool:
    """Say whether S3 itself calls a policy public.

    ``names_points``: naming access points pins callers down, as it does in the policy of a bucket.
    """
    keys = _FIXED_KEYS if names_points else _FIXED_KEYS - {"s3:dataaccesspointarn"}
    return any(s.is_allow and _is_open(s, keys) for s in policy.statements)


def _is_open(allow: Statement, keys: frozenset[str]) -> bool:
    named = allow.principals
    wide = allow.not_principals is not None or (named is not None and named.includes_anyone)
    return wide and not any(c.key in keys and _is_fixed(c) for c in allow.conditions)


def _is_fixed(condition: Condition) -> bool:
    plain = not condition.operator.is_negated and not condition.if_exists
    if not plain or condition.quantifier is Quantifier.ALL:
        return False
    if condition.operator.kind in (Kind.NULL, Kind.BOOL):
        return False
    owner = owner_of(condition.key)
    if owner is Owner.ADDRESS:
        return True not in ANYONE.outcomes(condition)
    wild = condition.key != "s3:dataaccesspointarn"
    return bool(condition.values) and all(
        value.lower() in OWN_RESOURCE or (names_one_owner(owner, value) and not (wild and globs.is_wild(value)))
        for value in condition.values
    )
