"""What anybody may copy or read: shared snapshots and images, public buckets, functions that everyone may call."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.graph.judging import CERTAIN, Pointer, Standing, both, standing
from poise.graph.key_use import KEY_FIELDS, YES, open_to
from poise.graph.outside import account, let_in, partition_of, stranger, unsigned
from poise.graph.sides import account_node, held_of
from poise.model.asset import Asset
from poise.model.aws.account import AwsAccount
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, MachineImage
from poise.model.aws.ecr import EcrRepository
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsClusterSnapshot, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.model.errors import NotCollected
from poise.model.graph import EVERYONE, Capability, Edge, EdgeKind, EdgeState, Evidence, Node
from poise.policy import globs
from poise.policy.answer import Answer, Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.entitlements import Side
from poise.policy.aws.exposure import exposure_of_bucket, resource_policy_exposure
from poise.policy.aws.function_urls import function_url_exposure
from poise.policy.outcome import all_answers, any_answers

EVERY_ACCOUNT = "all"
Policed = KmsKey | LambdaFunction | EcrRepository | Secret
COPIES = (EbsSnapshot, MachineImage, RdsSnapshot, RdsClusterSnapshot)
GIVES = {
    S3Bucket: (
        ("s3:getobject", Capability.READ),
        ("s3:putobject", Capability.WRITE),
    ),
    KmsKey: (("kms:decrypt", Capability.READ),),
    Secret: (("secretsmanager:getsecretvalue", Capability.READ),),
    EcrRepository: (("ecr:getdownloadurlforlayer", Capability.READ), ("ecr:putimage", Capability.WRITE)),
    LambdaFunction: (("lambda:updatefunctioncode", Capability.CODE), ("lambda:invokefunction", None)),
}
"""Kind -> action, and the capability that it gives; policies of buckets and keys are written inside of the account."""


def find(estate: Estate) -> Found:
    """Yield what everyone and named outsiders may do."""
    for copy in estate.of(*COPIES):
        yield from _copied(estate, copy)
    for bucket in estate.of(S3Bucket):
        try:
            found = exposure_of_bucket(bucket, partial(_account, estate, bucket))
        except NotCollected:
            continue
        yield from _exposed(bucket, found)
        yield from _granted(estate, bucket, found)
    policed: list[Policed] = [*estate.of(KmsKey), *estate.of(LambdaFunction), *estate.of(EcrRepository)]
    policed += estate.of(Secret)
    for asset in policed:
        why = asset.unread.get("policy")
        found = _unread(why) if why else resource_policy_exposure(asset.policy, asset.scope)
        yield from _granted(estate, asset, found)
    for function in estate.of(LambdaFunction):
        yield from _addressed(function)


def _unread(why: str) -> Exposure:
    return Exposure(Level.UNKNOWN, (Reason(f"its policy ({why})", source="policy"),))


def _exposed(bucket: S3Bucket, found: Exposure) -> Iterator[Told]:
    """Tell how far the internet reaches a bucket: buckets have addresses there, and policies decide."""
    if found.level is Level.UNKNOWN:
        return
    yield Told(bucket.id, "exposed", found.level is not Level.PRIVATE)
    if found.level is not Level.PRIVATE:
        yield Told(bucket.id, "exposure_width", "wide" if found.is_public else "narrow")


def _copied(estate: Estate, copy: Asset) -> Found:
    fields = ("restorable_by",) if isinstance(copy, RdsSnapshot | RdsClusterSnapshot) else SHARE_FIELDS
    for field in fields:
        for who in read(copy, field) or () if field in copy.FACTS else ():
            yield from _shared(estate, copy, field, who)
    if isinstance(copy, MachineImage) and read(copy, "public"):
        yield from _shared(estate, copy, "public", EVERY_ACCOUNT)


SHARE_FIELDS = ("shared_with_groups", "shared_with_accounts", "shared_with_organizations")


def _shared(estate: Estate, copy: Asset, field: str, who: str) -> Found:
    if who == EVERY_ACCOUNT:
        proof = Evidence(asset=copy.id, field=field, says="every AWS account may copy it")
        yield Edge(
            source=EVERYONE, target=copy.id, kind=EdgeKind.PUBLISHES, capability=Capability.READ, evidence=(proof,)
        )
        return
    stands = standing(_opened(estate, copy, who))
    if stands is None:
        return
    node = Node(id=account_node(estate, who), kind="account", name=f"account {who}", provider="aws", scope="")
    proof = Evidence(asset=copy.id, field=field, says=f"{who} may copy it")
    yield node
    yield Edge(
        source=node.id,
        target=copy.id,
        kind=EdgeKind.HAS_PERMISSION,
        state=stands.state,
        condition=stands.condition,
        capability=Capability.READ,
        evidence=(proof,),
    )


def _opened(estate: Estate, copy: Asset, who: str) -> Answer:
    """Answer whether the keys of a copy open for an account; of an organization that is not asked."""
    if not who.isdigit():
        return YES
    parts = [copy]
    if isinstance(copy, MachineImage):
        parts = [one for id in read(copy, "snapshots") or () if isinstance(one := estate.get(id), EbsSnapshot)]
    return all_answers(open_to(estate, account(who, partition_of(copy)), one) for one in parts)


def _account(estate: Estate, bucket: S3Bucket) -> AwsAccount | None:
    return next(iter(estate.inventory.of(AwsAccount, bucket.scope)), None)


def _granted(estate: Estate, asset: Asset, found: Exposure) -> Found:
    if found.level is Level.UNKNOWN:
        why = "; ".join(reason.text for reason in found.because)
        yield Edge(
            source=EVERYONE,
            target=asset.id,
            kind=EdgeKind.HAS_PERMISSION,
            state=EdgeState.UNKNOWN,
            condition=f"not read: {why}",
            evidence=_proofs(asset, found.because),
        )
    for grant in found.grants:
        if grant.audience in (Audience.ANYONE, Audience.ACCOUNT):
            yield from _grant(estate, asset, grant, found.residual)


def _grant(estate: Estate, asset: Asset, grant: Grant, residual: str) -> Found:
    source = EVERYONE
    if grant.audience is Audience.ACCOUNT:
        source = account_node(estate, grant.who)
        yield Node(id=source, kind="account", name=f"account {grant.who}", provider="aws", scope="")
    granted = CERTAIN
    condition = f"it shows the right {', '.join(grant.confined_by)}" if grant.confined_by else residual
    if condition:
        granted = Standing(EdgeState.CONDITIONAL, condition)
    for action, capability in GIVES[type(asset)]:
        if not any(_allows(pattern, action) for pattern in grant.actions):
            continue
        left = standing(any_answers(_left(estate, asset, action, side) for side in _callers(asset, grant)))
        if left is not None:
            stands = both(granted, left)
            yield Edge(
                source=source,
                target=asset.id,
                kind=EdgeKind.HAS_PERMISSION,
                state=stands.state,
                condition=stands.condition,
                actions=(action,),
                capability=capability,
                evidence=_proofs(asset, (grant.because,)),
            )


def _callers(asset: Asset, grant: Grant) -> tuple[Side, ...]:
    """Return who comes by a grant: an account, or anyone, with or without an account of its own."""
    if grant.audience is Audience.ACCOUNT:
        return (account(grant.who, partition_of(asset)),)
    return unsigned(), stranger(partition_of(asset))


def _left(estate: Estate, asset: Asset, action: str, side: Side) -> Answer:
    """Answer whether guardrails of the asset's account, and the key of what is read, leave a caller an action."""
    left = let_in(held_of(estate, asset), action, side)
    if dict(GIVES[type(asset)])[action] is Capability.READ and type(asset) in KEY_FIELDS:
        return all_answers((left, open_to(estate, side, asset)))
    return left


def _allows(pattern: str, action: str) -> bool:
    name = pattern.lower()
    return not globs.matches(name[1:], action) if name.startswith("!") else globs.matches(name, action)


def _addressed(function: LambdaFunction) -> Iterator[Edge | Told]:
    """Yield that everyone may call a function by an address that asks for no signature."""
    named = [(read(function, "url"), read(function, "policy"))]
    named += [(one.url, one.policy) for one in read(function, "alias_urls") or ()]
    for url, policy in named:
        if url is None:
            continue
        found = function_url_exposure(url.auth_type, policy, function.scope)
        yield Told(function.id, "exposed", found.is_public)
        if found.is_public:
            yield Told(function.id, "exposure_width", "wide")
            yield Edge(
                source=EVERYONE,
                target=function.id,
                kind=EdgeKind.HAS_PERMISSION,
                actions=("lambda:InvokeFunctionUrl",),
                evidence=_proofs(function, found.because),
            )


def _proofs(asset: Asset, reasons: tuple[Reason, ...]) -> tuple[Evidence, ...]:
    return Pointer({reason.source: (asset.id, "policy") for reason in reasons}, asset.id).evidence(reasons)


FAMILY = Family(Width.PROVIDER, find, "aws")
