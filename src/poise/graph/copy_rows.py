"""Taking data out by a copy that is shared with another account: the key of the data must let the copy be opened there.

Sources: EBS User Guide, "Share an Amazon EBS snapshot": a snapshot under the key that AWS manages cannot be shared, one
under a customer managed key can be opened where its key may be used; RDS User Guide, "Sharing encrypted snapshots".
A copy of the snapshot may be put under another key (`ec2:CopySnapshot`, `rds:CopyDBSnapshot`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from poise.graph.estate import Estate
from poise.graph.keys import KeysOf
from poise.graph.rows import Bound, Way, asker_of, some_of
from poise.graph.sides import Actor, asking_of
from poise.model.aws.ec2 import EbsVolume
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsInstance
from poise.model.graph import Capability
from poise.policy.answer import Answer, Decision, Unread
from poise.policy.aws.data_keys import KeyUse, key_of
from poise.policy.aws.escalation import Escalation
from poise.policy.aws.required_resources import resources_for
from poise.policy.residual import unread

OPENING = ("kms:CreateGrant", "kms:PutKeyPolicy")
"""Actions of which each lets another account use a key."""
COPYING: Mapping[type[EbsVolume | RdsInstance], tuple[KeyUse, str]] = {
    EbsVolume: (KeyUse("key", (), "ec2"), "ec2:CopySnapshot"),
    RdsInstance: (KeyUse("encryption_key", (), "rds"), "rds:CopyDBSnapshot"),
}
"""Kind -> where its key stands, and the action that puts a snapshot under another key."""


def shared_copies(kind: type[EbsVolume | RdsInstance]) -> Bound:
    """Bind a row that shares copies to the assets of a kind in the account."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for asset in estate.of(kind):
            if asset.scope == actor.scope:
                asked = [(action, one) for action in row.actions for one in resources_for(action, asset.id)]
                answers = [asker.may(*one) for one in asked]
                way = asker.way(asset.id, Capability.READ, answers)
                yield msgspec.structs.replace(way, key=_opening(estate, actor, asset))

    return bound


def _opening(estate: Estate, actor: Actor, asset: EbsVolume | RdsInstance) -> Answer | None:
    """Return whether an actor can make a copy of an asset readable elsewhere; None where no key is in the way."""
    use, copying = COPYING[type(asset)]
    keys = KeysOf(asking_of(estate), actor)
    key = key_of(asset, use, keys)
    if isinstance(key, Unread):
        return Answer(Decision.UNKNOWN, (), unread(key.input, key.reason), (key,))
    if isinstance(key, KmsKey):
        return some_of([keys.may(action, key, {}) for action in OPENING])
    return None if key is None else asker_of(estate, actor).may(copying)
