"""Which KMS key stands between a caller and the data of an asset, and what the caller must be allowed on it.

A service that encrypts with a KMS key asks KMS in the name of whoever calls it (forward access sessions): the caller
needs the permission on the asset and the one on the key. Sources: S3 User Guide, "Using server-side encryption with
AWS KMS keys"; Secrets Manager User Guide, "Secret encryption and decryption"; SQS Developer Guide, "Key management";
SNS Developer Guide, "Managing encryption keys and costs"; EBS User Guide, "EBS direct APIs: required permissions"; KMS
Developer Guide, `kms:ViaService` and "AWS managed keys": these serve the principals of their own account alone. ECR,
Lambda and EKS use grants of their own, and the keys of CloudTrail protect what is in a bucket.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from poise.model.asset import Asset
from poise.model.aws.ec2 import EbsSnapshot
from poise.model.aws.kms import KmsKey
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.model.aws.sns import SnsTopic
from poise.model.aws.sqs import SqsQueue
from poise.model.inventory import Inventory
from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.aws.callers import Caller, CallerKind
from poise.policy.lookups import fact, known
from poise.policy.outcome import answer_of, truth_of
from poise.policy.residual import Truth, all_of, any_of, condition, unread

DECRYPT, MAKE_DATA_KEY = "kms:Decrypt", "kms:GenerateDataKey"
AWS_MANAGED = "alias/aws/"
"""What the aliases of the keys begin with that AWS manages for an account."""


UNREAD_KEY = "policy of key "
"""What the names of inputs begin with that are keys."""


class KeyUse(msgspec.Struct, frozen=True):
    """What an action on an asset takes on the key of the asset."""

    field: str
    """Field of the asset with the key."""
    actions: tuple[str, ...]
    """Actions of KMS, all of them."""
    service: str
    """The service that asks KMS, as `kms:ViaService` begins."""
    unless: str = ""
    """When the key is not asked, ``{key}`` being its name, as a default holds for what is new; empty: never."""
    is_callers_choice: bool = False
    """Whether the caller brings that about by itself."""


_OBJECT = KeyUse("encryption_key", (DECRYPT,), "s3", "the object is not encrypted with {key}")
_WRITE = KeyUse("encryption_key", (MAKE_DATA_KEY,), "s3", "the request asks for another encryption than {key}", True)
_BLOCK = KeyUse("key", (DECRYPT,), "ec2")
_BOTH = (MAKE_DATA_KEY, DECRYPT)
USES: Mapping[type[Asset], Mapping[str, KeyUse]] = {
    S3Bucket: {
        **dict.fromkeys(("s3:getobject", "s3:getobjectversion"), _OBJECT),
        "s3:putobject": _WRITE,
    },
    EbsSnapshot: {"ebs:getsnapshotblock": _BLOCK},
    Secret: {
        **dict.fromkeys(
            ("secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue"),
            KeyUse("encryption_key", (DECRYPT,), "secretsmanager"),
        ),
        "secretsmanager:putsecretvalue": KeyUse("encryption_key", _BOTH, "secretsmanager"),
    },
    SqsQueue: {
        "sqs:receivemessage": KeyUse("encryption_key", (DECRYPT,), "sqs", "the message was sent before {key} was set"),
        "sqs:sendmessage": KeyUse("encryption_key", _BOTH, "sqs"),
    },
    SnsTopic: {"sns:publish": KeyUse("encryption_key", _BOTH, "sns")},
}
"""Kind -> action in lower case -> what it takes. A batch of messages is authorized as one message is."""


class Managed(msgspec.Struct, frozen=True):
    """A key that AWS manages for the account of an asset."""

    name: str
    """`aws/s3` ..."""


class Keys(Protocol):
    """Keys, and what one caller may do with them."""

    def find(self, arn: str) -> KmsKey | Unread:
        """Return the key with an ARN, or the ARN of an alias."""
        ...

    def may(self, action: str, key: KmsKey, context: Mapping[str, str]) -> Answer:
        """Return whether the caller may do an action of KMS with a key."""
        ...


def use_of(asset: Asset, action: str) -> KeyUse | None:
    """Return what an action takes on the asset's key; None: nothing, whatever the key is."""
    return USES.get(type(asset), {}).get(action.lower())


def key_of(asset: Asset, use: KeyUse, keys: Keys) -> KmsKey | Managed | Unread | None:
    """Return the key of an asset, or why it is not known; None: it is encrypted with no key of KMS."""
    text = fact(asset, use.field)
    if isinstance(text, Unread):
        return text
    if not text:
        return _unnamed(asset)
    name = text if text.startswith("alias/") else text.rpartition(":")[2]
    if name.startswith(AWS_MANAGED):
        return Managed(name.removeprefix("alias/"))
    found = keys.find(key_arn(asset, text))
    if isinstance(found, KmsKey) and fact(found, "manager") == "AWS":
        return Managed(found.name.removeprefix("alias/"))
    return found


def _unnamed(asset: Asset) -> Managed | Unread | None:
    """Return the key where none is named: secrets, and buckets set to KMS without a key, have the one of AWS."""
    if isinstance(asset, Secret):
        return Managed("aws/secretsmanager")
    if isinstance(asset, S3Bucket):
        encryption = fact(asset, "encryption")
        if isinstance(encryption, Unread):
            return encryption
        return Managed("aws/s3") if (encryption or "").startswith("aws:kms") else None
    return None


def key_arn(asset: Asset, text: str) -> str:
    """Return the ARN of a key that is named by ARN, id or alias: ids and aliases are of the asset's own place."""
    if text.startswith("arn:"):
        return text
    partition = asset.id.split(":", 2)[1] if asset.id.startswith("arn:") else "aws"
    kind = "" if text.startswith("alias/") else "key/"
    return f"arn:{partition}:kms:{asset.region}:{asset.scope}:{kind}{text}"


def find_key(arn: str, inventory: Inventory) -> KmsKey | Unread:
    """Return the key with an ARN, or the ARN of an alias, from the account and region that the ARN names."""
    parts = arn.split(":", 5)
    gap = Unread(f"{UNREAD_KEY}{arn}", "the key is not in the inventory")
    if len(parts) < 6:
        return gap
    region, account, name = parts[3:]
    if not name.startswith("alias/"):
        found = known(lambda: inventory.find(KmsKey, account, arn), gap.input)
        return gap if found is None else found
    listed = known(lambda: inventory.of(KmsKey, account, region=region), gap.input)
    if isinstance(listed, Unread):
        return listed
    return next((key for key in listed if "aliases" not in key.unread and name in key.aliases), gap)


def with_key(answer: Answer, asset: Asset, action: str, caller: Caller, keys: Keys) -> Answer:
    """Return an answer about an asset that takes its key into account; the answer itself where no key is asked."""
    use = use_of(asset, action)
    if use is None or answer.decision is Decision.DENY:
        return answer
    key = key_of(asset, use, keys)
    if key is None:
        return answer
    needed = key_answer(key, use, asset, caller, keys)
    if needed.decision is Decision.ALLOW:
        return answer_of(truth_of(answer), (*answer.because, *needed.because))
    truth = truth_of(needed)
    if use.unless:
        truth = any_of((truth, condition(use.unless.format(key=_name(key)), use)))
    whole = all_of((truth_of(answer), truth))
    return answer_of(whole, needed.because if whole is False else (*answer.because, *needed.because))


def key_answer(key: KmsKey | Managed | Unread, use: KeyUse, asset: Asset, caller: Caller, keys: Keys) -> Answer:
    """Return whether a caller may use a key as an action on an asset takes it."""
    name = _name(key)
    if isinstance(key, Unread):
        return Answer(Decision.UNKNOWN, (), unread(key.input, key.reason), (key,))
    takes = f"it takes {' and '.join(use.actions)} on {name}, the key of {asset.name}"
    if caller.kind is CallerKind.ANONYMOUS:
        return _denied(f"{takes}, and KMS answers signed requests alone", name)
    if isinstance(key, Managed):
        if caller.account == asset.scope:
            return Answer(Decision.ALLOW)
        return _denied(f"{name} is managed by AWS and serves principals of account {asset.scope} alone", name)
    state = fact(key, "state")
    usable: Truth = unread(state.input, state.reason) if isinstance(state, Unread) else state == "Enabled"
    if usable is False:
        return _denied(f"{takes}, which cannot be used: its state is {state}", name)
    answers = [keys.may(action, key, _context(use, asset, caller)) for action in use.actions]
    whole: Truth = all_of((usable, *(truth_of(one) for one in answers)))
    decisive = [one for one in answers if one.decision is Decision.DENY] or answers
    reasons = (r for one in decisive for r in one.because)
    return answer_of(whole, tuple(msgspec.structs.replace(r, text=f"{takes}: {r.text}") for r in reasons))


def _context(use: KeyUse, asset: Asset, caller: Caller) -> dict[str, str]:
    """Return what KMS is told of a request that a service makes in the name of its caller."""
    if caller.kind is CallerKind.SERVICE:
        return {}
    domain = "amazonaws.com.cn" if asset.id.startswith("arn:aws-cn:") else "amazonaws.com"
    return {"kms:ViaService": f"{use.service}.{asset.region}.{domain}", "aws:ViaAWSService": "true"}


def _denied(text: str, source: str) -> Answer:
    return Answer(Decision.DENY, (Reason(text, source=source),))


def _name(key: KmsKey | Managed | Unread) -> str:
    if not isinstance(key, Unread):
        return key.name
    named = key.input.removeprefix(UNREAD_KEY)
    return named if named != key.input else "its key"
