"""Taking data out by a copy that is shared with another account: the key of the data must let the copy be opened there.

Sources: EBS User Guide, "Share an Amazon EBS snapshot": a snapshot under the key that AWS manages cannot be shared, one
under a customer managed key can be opened where its key may be used; RDS User Guide, "Sharing encrypted snapshots".
A copy of the snapshot may be put under another key (`ec2:CopySnapshot`, `rds:CopyDBSnapshot`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from poise.graph.estate import Estate
from poise.graph.key_use import shared
from poise.graph.rows import Bound, Way, asker_of
from poise.graph.sides import Actor, asking_of
from poise.model.aws.ec2 import EbsVolume
from poise.model.aws.rds import RdsInstance
from poise.model.graph import Capability
from poise.policy.aws.escalation import Escalation
from poise.policy.aws.required_resources import resources_for

COPYING: Mapping[type[EbsVolume | RdsInstance], str] = {
    EbsVolume: "ec2:CopySnapshot",
    RdsInstance: "rds:CopyDBSnapshot",
}
"""Kind -> the action that puts a snapshot under another key."""


def shared_copies(kind: type[EbsVolume | RdsInstance]) -> Bound:
    """Bind a row that shares copies to the assets of a kind in the account."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for asset in estate.of(kind):
            if asset.scope == actor.scope:
                asked = [(action, one) for action in row.actions for one in resources_for(action, asset.id)]
                answers = [asker.may(*one) for one in asked]
                way = asker.way(asset.id, Capability.READ, answers)
                key = shared(asking_of(estate), actor, asset, asker.may(COPYING[kind]))
                yield msgspec.structs.replace(way, key=key)

    return bound
