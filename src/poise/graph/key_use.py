"""Whether the KMS key that an asset is encrypted with opens for whoever reads it, or can be made to.

Source: KMS Developer Guide, "Allowing users in other accounts to use a KMS key"; EBS User Guide, "Share an Amazon
EBS snapshot" and RDS User Guide, "Sharing encrypted snapshots": what is encrypted with a key of the service itself
can only be shared as a copy under another key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from poise.graph.estate import Estate, read
from poise.graph.outside import let_in, let_in_stranger
from poise.graph.sides import Actor, Asking, held_of
from poise.model.asset import Asset
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.aws.callers import CallerKind
from poise.policy.aws.entitlements import Side, ask
from poise.policy.lookups import fact
from poise.policy.outcome import all_answers, any_answers
from poise.policy.residual import unread

DECRYPT = "kms:Decrypt"
OPENING = ("kms:PutKeyPolicy", "kms:CreateGrant")
"""Each lets its holder give the use of a key to whom it likes."""
YES = Answer(Decision.ALLOW)
OF_SERVICE = Answer(Decision.DENY, (Reason("the key is one of the service itself, which no other account can use"),))
UNSIGNED = Answer(Decision.DENY, (Reason("KMS takes no request that is not signed"),))
"""S3 User Guide, "Using server-side encryption with AWS KMS keys": such objects are read by signed requests alone."""
KEY_FIELDS: Mapping[type[Asset], str] = {
    EbsVolume: "key",
    EbsSnapshot: "key",
    RdsInstance: "encryption_key",
    RdsCluster: "encryption_key",
    RdsSnapshot: "encryption_key",
    RdsClusterSnapshot: "encryption_key",
    S3Bucket: "encryption_key",
    Secret: "encryption_key",
}
"""Kind -> the field with the key that its data are encrypted with."""
SERVICE_ALIAS = "alias/aws/"
"""Beginning of the names of keys that services make."""


def decrypting(asking: Asking, actor: Actor, asset: Asset) -> Answer:
    """Answer whether an actor may read what the key of an asset encrypts; yes where it is not encrypted."""
    key = _lock(asking.estate, asset)
    if isinstance(key, Answer):
        # With the key of the service itself: whoever may use the service in the account may use it.
        return YES if key is OF_SERVICE and actor.scope == asset.scope else key
    return asking.answer(actor, DECRYPT, held_of(asking.estate, key))


def made_to_decrypt(asking: Asking, actor: Actor, asset: Asset) -> Answer:
    """Answer whether an actor may decrypt, or give itself the use of the key."""
    key, plain = _lock(asking.estate, asset), decrypting(asking, actor, asset)
    if isinstance(key, Answer) or plain.decision is Decision.ALLOW:
        return plain
    left = let_in(held_of(asking.estate, key), DECRYPT, actor.side)
    return any_answers((plain, all_answers((_opening(asking, actor, key), left))))


def shared_with_stranger(asking: Asking, actor: Actor, asset: Asset) -> Answer:
    """Answer whether an actor can give an account of its own the use of a key; of a service's key nobody can."""
    key = _lock(asking.estate, asset)
    if isinstance(key, Answer):
        return key
    left = let_in_stranger(asking.estate, held_of(asking.estate, key), DECRYPT)
    return all_answers((_opening(asking, actor, key), left))


def open_to(estate: Estate, side: Side, asset: Asset) -> Answer:
    """Answer whether somebody of another account may decrypt what is in an asset, as the policy of its key stands."""
    key = _lock(estate, asset)
    if isinstance(key, Answer):
        return key
    if side.caller.kind is CallerKind.ANONYMOUS:
        return UNSIGNED
    held = held_of(estate, key)
    return ask(side, DECRYPT, held.holding, held.guardrails)


def _opening(asking: Asking, actor: Actor, key: KmsKey) -> Answer:
    held = held_of(asking.estate, key)
    return any_answers(asking.answer(actor, action, held) for action in OPENING)


def _lock(estate: Estate, asset: Asset) -> KmsKey | Answer:
    """Return the key of an asset, or what is known without it: nothing is encrypted, it was not read, a service's."""
    named = fact(asset, KEY_FIELDS[type(asset)])
    if named is None and isinstance(asset, S3Bucket):
        method = fact(asset, "encryption")
        named = method if isinstance(method, Unread) else _default(method)
    elif named is None and isinstance(asset, Secret):
        return OF_SERVICE
    if isinstance(named, Unread):
        return _unknown(named)
    if not named:
        return YES
    record = key_of(estate, named, asset.scope)
    if record is None:
        gap = Unread(f"policy of key {named}", "the key is not in the inventory")
        return OF_SERVICE if SERVICE_ALIAS in named else _unknown(gap)
    return OF_SERVICE if read(record, "manager") == "AWS" else record


def _default(method: str | None) -> str | None:
    """Return the key of a bucket that names none: that of the service, where KMS encrypts at all."""
    return f"{SERVICE_ALIAS}s3" if method and method.startswith("aws:kms") else None


def _unknown(gap: Unread) -> Answer:
    return Answer(Decision.UNKNOWN, (), unread(gap.input, gap.reason), (gap,))


def key_of(estate: Estate, name: str, scope: str) -> KmsKey | None:
    """Return a key by its ARN, id or alias as an asset of an account names it; None if it is not in the inventory."""
    found = estate.get(name)
    if isinstance(found, KmsKey):
        return found
    keys = estate.once("keys by name", lambda: dict(_named(estate)))
    last = name.rpartition(":")[2].removeprefix("key/")
    return keys.get((name.split(":")[4] if name.count(":") > 4 else scope, last))


def _named(estate: Estate) -> Iterator[tuple[tuple[str, str], KmsKey]]:
    for one in estate.of(KmsKey):
        yield (one.scope, one.id.rpartition("/")[2]), one
        for alias in read(one, "aliases") or ():
            yield (one.scope, alias), one
