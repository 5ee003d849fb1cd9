"""Grants of KMS keys: permissions that stand beside the key policy.

Source: KMS Developer Guide, "Grants in AWS KMS": a grant names one grantee and the operations; encryption
context constraints must hold; it never denies.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from poise.policy.answer import Reason, Unread
from poise.policy.aws.callers import Caller
from poise.policy.aws.matching import Question
from poise.policy.aws.votes import Votes, unread_votes
from poise.policy.residual import Truth, all_of, condition


class KeyGrant(msgspec.Struct, frozen=True, kw_only=True):
    """One grant of a key."""

    id: str
    grantee: str
    """ARN of a user, role or account, or name of a service."""
    operations: tuple[str, ...]
    """API operations, such as `Decrypt`."""
    encryption_context: Mapping[str, str] = {}
    """Pairs that the request must carry."""


def grant_votes(grants: tuple[KeyGrant, ...] | Unread, caller: Caller, question: Question) -> Votes:
    """Return the votes of grants; only actions of KMS have any."""
    service, _, operation = question.action.partition(":")
    if service != "kms":
        return Votes("grants")
    if isinstance(grants, Unread):
        return unread_votes("grants", grants)
    found = (
        (_meets(grant, question), Reason(f"grant {grant.id} allows it", source=f"grant {grant.id}"))
        for grant in grants
        if _is_for(grant, caller) and operation in map(str.lower, grant.operations)
    )
    return Votes("grants", tuple((truth, reason) for truth, reason in found if truth is not False))


def _is_for(grant: KeyGrant, caller: Caller) -> bool:
    if grant.grantee in (caller.arn, caller.role):
        return bool(grant.grantee)
    return bool(caller.account) and grant.grantee.endswith(f":iam::{caller.account}:root")


def _meets(grant: KeyGrant, question: Question) -> Truth:
    return all_of(_pair(name, value, question) for name, value in grant.encryption_context.items())


def _pair(name: str, value: str, question: Question) -> Truth:
    key = f"kms:encryptioncontext:{name.lower()}"
    if question.context.knows(key):
        return question.context.get(key) == (value,)
    return condition(f"encryption context {name} is {value}", key)
