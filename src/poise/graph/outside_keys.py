"""What the KMS key of an asset lets an outsider do: sharing a copy, or opening a bucket, shares no key."""

from __future__ import annotations

from collections.abc import Mapping

from poise.graph.estate import Estate
from poise.graph.keys import key_in
from poise.graph.sides import held_of
from poise.model.asset import Asset
from poise.model.aws.ec2 import EbsSnapshot
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsClusterSnapshot, RdsSnapshot
from poise.policy.answer import Answer, Audience, Decision, Grant, Unread
from poise.policy.aws.callers import Caller
from poise.policy.aws.data_keys import DECRYPT, KeyUse, key_answer, key_of, use_of
from poise.policy.aws.entitlements import Side, ask

STRANGER = "000000000000"
"""Stands for an account that nobody knows: KMS answers signed requests alone, so everyone comes with one."""
_OF_DATABASE = KeyUse("encryption_key", (DECRYPT,), "rds")
OF_COPIES: Mapping[type[Asset], KeyUse] = {
    EbsSnapshot: KeyUse("key", (DECRYPT,), "ec2"),
    RdsSnapshot: _OF_DATABASE,
    RdsClusterSnapshot: _OF_DATABASE,
}
"""Kind of copy -> what reading it takes; an image is as readable as its snapshots, which are judged themselves."""


class _Keys:
    """Keys as a caller outside of the estate meets them."""

    def __init__(self, estate: Estate, side: Side) -> None:
        self._estate = estate
        self._side = side

    def find(self, arn: str) -> KmsKey | Unread:
        """Return a key by its ARN or that of an alias."""
        return key_in(self._estate, arn)

    def may(self, action: str, key: KmsKey, context: Mapping[str, str]) -> Answer:
        """Return whether the caller may do an action of KMS with a key, its own account granting it everything."""
        held = held_of(self._estate, key)
        account = self._side.caller.account
        grants = held.holding.grants_for(action)
        for grant in () if isinstance(grants, Unread) else grants:
            # A grant to one principal of the account lets the account in as far as this principal goes.
            if account and f":{account}:" in grant.grantee and action.partition(":")[2] in grant.operations:
                return Answer(Decision.ALLOW)
        return ask(self._side, action, held.holding, held.guardrails, context=context)


def opening(estate: Estate, copy: Asset, account: str) -> Answer:
    """Answer whether another account can read a copy that is shared with it."""
    use = OF_COPIES.get(type(copy))
    return Answer(Decision.ALLOW) if use is None else _answer(estate, copy, use, _account(copy, account))


def needed_of_key(estate: Estate, asset: Asset, action: str, grant: Grant) -> str:
    """Return the condition under which a grant to an outsider is good for something; empty: always."""
    use = use_of(asset, action)
    if use is None or use.is_callers_choice:
        return ""
    side = _account(asset, grant.who if grant.audience is Audience.ACCOUNT else STRANGER)
    found = _answer(estate, asset, use, side)
    if found.decision is Decision.ALLOW:
        return ""
    key = key_of(asset, use, _Keys(estate, side))
    named = "its key" if isinstance(key, Unread) or key is None else key.name
    doubt = "" if found.decision is Decision.DENY else f", or {found.residual} lets it"
    return f"{use.unless.format(key=named)}{doubt}"


def _answer(estate: Estate, asset: Asset, use: KeyUse, side: Side) -> Answer:
    keys = _Keys(estate, side)
    key = key_of(asset, use, keys)
    return Answer(Decision.ALLOW) if key is None else key_answer(key, use, asset, side.caller, keys)


def _account(asset: Asset, account: str) -> Side:
    partition = asset.id.split(":", 2)[1] if asset.id.startswith("arn:") else "aws"
    return Side(caller=Caller.of(f"arn:{partition}:iam::{account}:root"))
