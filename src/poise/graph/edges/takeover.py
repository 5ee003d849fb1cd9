"""Who reads a store or secret of AWS by changing who may reach it: its policy is rewritten, its copy is shared.

What the new policy cannot lift still decides: explicit denies and guardrails of whoever reads, resource control
policies, and the key. Whoever rewrites the policy of a bucket may let in itself or an account of its own, on which no
service control policy of the estate acts (Organizations User Guide, "Service control policies"). A bucket policy is
rewritten by principals of its own account alone (S3 API Reference, `PutBucketPolicy`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from poise.graph.candidates import Candidates
from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.ignored import IGNORED_BY_RIGHTS
from poise.graph.judging import is_blind, standing
from poise.graph.key_use import READING, decrypting, made_to_decrypt, shared, shared_with_stranger
from poise.graph.outside import let_in, let_in_stranger
from poise.graph.sides import Actor, Asking, Held, actors_of, asking_of, held_of
from poise.model.asset import Asset
from poise.model.aws.ec2 import EbsSnapshot, MachineImage
from poise.model.aws.rds import RdsClusterSnapshot, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.model.graph import Capability, Edge, EdgeKind, Evidence
from poise.policy.answer import Answer, Decision, Unread
from poise.policy.outcome import all_answers, any_answers, not_read

MANUAL = "manual"
"""Origin of the snapshots of databases that can be shared as they are."""


class Way(NamedTuple):
    """How a kind of store is taken over."""

    row: str
    """Row of the escalation catalogue."""
    change: str
    """Action that changes who reaches it."""
    copy: str = ""
    """Action that makes a copy under another key; empty where there are none."""
    reading: str = ""
    """Action that reads it where it lies; empty for what is read elsewhere."""


WAYS: dict[type[Asset], Way] = {
    S3Bucket: Way("s3_put_bucket_policy", "s3:PutBucketPolicy", reading="s3:GetObject"),
    Secret: Way(
        "secretsmanager_put_policy", "secretsmanager:PutResourcePolicy", reading="secretsmanager:GetSecretValue"
    ),
    EbsSnapshot: Way("ec2_share_snapshot", "ec2:ModifySnapshotAttribute", "ec2:CopySnapshot"),
    MachineImage: Way("ec2_share_snapshot", "ec2:ModifyImageAttribute", "ec2:CopyImage"),
    RdsSnapshot: Way("rds_share_snapshot", "rds:ModifyDBSnapshotAttribute", "rds:CopyDBSnapshot"),
    RdsClusterSnapshot: Way("rds_share_snapshot", "rds:ModifyDBClusterSnapshotAttribute", "rds:CopyDBClusterSnapshot"),
}


def find(estate: Estate) -> Found:
    """Yield an edge from each principal to each store of its account that it can read in such a way."""
    asking = asking_of(estate)
    for kind, way in WAYS.items():
        targets = [held_of(estate, one) for one in estate.of(kind)]
        candidates = Candidates(targets)
        for actor in actors_of(estate) if targets else ():
            for held in candidates.of(actor, way.change):
                if held.asset.scope == actor.scope:
                    yield from _edge(asking, actor, held, way)


def _edge(asking: Asking, actor: Actor, held: Held, way: Way) -> Iterator[Edge]:
    changed = asking.answer(actor, way.change, held)
    if changed.decision is Decision.DENY or is_blind(changed):
        return
    judge = _rewritten if way.reading else _copy
    answer = all_answers((changed, judge(asking, actor, held, way)))
    stands = standing(answer)
    if stands is not None:
        yield Edge(
            source=actor.id,
            target=held.asset.id,
            kind=EdgeKind.CAN_ESCALATE_TO,
            state=stands.state,
            condition=stands.condition,
            actions=(way.change,),
            capability=Capability.READ,
            rule=way.row,
            evidence=(*actor.pointer(held.holding).evidence(changed.because), *_locked(held.asset)),
        )


def _rewritten(asking: Asking, actor: Actor, held: Held, way: Way) -> Answer:
    """Answer whether the actor, or an account of its own, reads an asset once it wrote the policy of that."""
    outside = all_answers(
        (let_in_stranger(asking.estate, held, way.reading), shared_with_stranger(asking, actor, held.asset))
    )
    if outside.decision is Decision.ALLOW:
        return outside
    inside = all_answers((let_in(held, way.reading, actor.side), made_to_decrypt(asking, actor, held.asset)))
    return any_answers((outside, inside))


def _copy(asking: Asking, actor: Actor, held: Held, way: Way) -> Answer:
    """Answer whether a copy is readable where it is shared: as it is, or as a further copy under another key."""
    asset, copied = held.asset, asking.answer(actor, way.copy, held)
    if isinstance(asset, RdsSnapshot | RdsClusterSnapshot) and read(asset, "origin") != MANUAL:
        return all_answers((copied, decrypting(asking, actor, asset)))
    if not isinstance(asset, MachineImage):
        return shared(asking, actor, asset, copied)
    parts = [asking.estate.get(id) for id in read(asset, "snapshots") or ()]
    if not parts or not all(isinstance(one, EbsSnapshot) for one in parts):
        gap = Unread(f"snapshots of {asset.name}", "not all of them are in the inventory")
        return not_read(gap)
    return all_answers(shared(asking, actor, one, copied) for one in parts if one is not None)


def _locked(asset: Asset) -> Iterator[Evidence]:
    """Yield which key had to open."""
    use = READING.get(type(asset))
    field = "" if use is None else use.field
    key = read(asset, field) if field else None
    if key:
        yield Evidence(asset=asset.id, field=field, says=f"its key opens too: {key.rpartition('/')[2]}")


FAMILY = Family(Width.PROVIDER, find, "aws", IGNORED_BY_RIGHTS)
