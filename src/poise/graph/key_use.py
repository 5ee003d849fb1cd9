"""Whether the KMS key of an asset opens for whoever reads it, or can be made to.

Source: KMS Developer Guide, "Allowing users in other accounts to use a KMS key"; EBS User Guide, "Share an Amazon
EBS snapshot" and RDS User Guide, "Sharing encrypted snapshots": what is encrypted with a key of the service itself
can only be shared as a copy under another key.
"""

from __future__ import annotations

from collections.abc import Mapping

from poise.graph.keys import KeysOf
from poise.graph.outside import let_in, let_in_stranger
from poise.graph.sides import Actor, Asking, held_of
from poise.model.asset import Asset
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.aws.data_keys import DECRYPT, KeyUse, Managed, key_answer, key_of
from poise.policy.outcome import all_answers, any_answers, not_read

FIELD = "encryption_key"
OPENING = ("kms:PutKeyPolicy", "kms:CreateGrant")
"""Each lets its holder give the use of a key to whom it likes."""
YES = Answer(Decision.ALLOW)
OF_SERVICE = Answer(Decision.DENY, (Reason("the key is one of the service itself, which no other account can use"),))
_OF_DISK, _OF_DATABASE = (KeyUse(field, (DECRYPT,), service) for field, service in (("key", "ec2"), (FIELD, "rds")))
READING: Mapping[type[Asset], KeyUse] = {
    EbsVolume: _OF_DISK,
    EbsSnapshot: _OF_DISK,
    RdsInstance: _OF_DATABASE,
    RdsCluster: _OF_DATABASE,
    RdsSnapshot: _OF_DATABASE,
    RdsClusterSnapshot: _OF_DATABASE,
    S3Bucket: KeyUse(FIELD, (DECRYPT,), "s3"),
    Secret: KeyUse(FIELD, (DECRYPT,), "secretsmanager"),
}
"""Kind -> what reading its data takes on its key."""


def decrypting(asking: Asking, actor: Actor, asset: Asset) -> Answer:
    """Answer whether an actor may read what the key of an asset encrypts; yes where it is not encrypted."""
    use, keys = READING[type(asset)], KeysOf(asking, actor)
    key = key_of(asset, use, keys)
    return YES if key is None else key_answer(key, use, asset, actor.side.caller, keys)


def made_to_decrypt(asking: Asking, actor: Actor, asset: Asset) -> Answer:
    """Answer whether an actor may decrypt, or give itself the use of the key."""
    plain = decrypting(asking, actor, asset)
    key = key_of(asset, READING[type(asset)], KeysOf(asking, actor))
    if not isinstance(key, KmsKey) or plain.decision is Decision.ALLOW:
        return plain
    left = let_in(held_of(asking.estate, key), DECRYPT, actor.side)
    return any_answers((plain, all_answers((_opening(asking, actor, key), left))))


def shared_with_stranger(asking: Asking, actor: Actor, asset: Asset) -> Answer:
    """Answer whether an actor can give an account of its own the use of a key; of a service's key nobody can."""
    key = key_of(asset, READING[type(asset)], KeysOf(asking, actor))
    if key is None:
        return YES
    if isinstance(key, Managed):
        return OF_SERVICE
    if isinstance(key, Unread):
        return not_read(key)
    left = let_in_stranger(asking.estate, held_of(asking.estate, key), DECRYPT)
    return all_answers((_opening(asking, actor, key), left))


def shared(asking: Asking, actor: Actor, asset: Asset, copied: Answer) -> Answer:
    """Answer whether an account of the actor's own reads a disk, database or copy of it, once it is shared.

    ``copied`` tells whether the actor may make a copy of it, which is encrypted with a key of its choice.
    """
    as_it_is = shared_with_stranger(asking, actor, asset)
    return any_answers((as_it_is, all_answers((copied, decrypting(asking, actor, asset)))))


def _opening(asking: Asking, actor: Actor, key: KmsKey) -> Answer:
    held = held_of(asking.estate, key)
    return any_answers(asking.answer(actor, action, held) for action in OPENING)
