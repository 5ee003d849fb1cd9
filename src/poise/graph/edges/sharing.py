"""What anybody may copy or read: shared snapshots and images, public buckets, functions that everyone may call."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.graph.judging import Pointer, standing
from poise.graph.outside_keys import needed_of_key, opening
from poise.graph.sides import account_node
from poise.model.asset import Asset
from poise.model.aws.account import AwsAccount
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, MachineImage
from poise.model.aws.ecr import EcrRepository
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsClusterSnapshot, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.errors import NotCollected
from poise.model.graph import EVERYONE, Capability, Edge, EdgeKind, EdgeState, Evidence, Node
from poise.policy import globs
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.exposure import exposure_of_bucket, resource_policy_exposure
from poise.policy.aws.function_urls import function_url_exposure

EVERY_ACCOUNT = "all"
Policed = KmsKey | LambdaFunction | EcrRepository
COPIES = (EbsSnapshot, MachineImage, RdsSnapshot, RdsClusterSnapshot)
GIVES = {
    S3Bucket: (
        ("s3:getobject", Capability.READ),
        ("s3:putobject", Capability.WRITE),
        ("s3:putbucketpolicy", Capability.ADMIN),
    ),
    KmsKey: (("kms:decrypt", Capability.READ), ("kms:putkeypolicy", Capability.ADMIN)),
    EcrRepository: (("ecr:getdownloadurlforlayer", Capability.READ), ("ecr:putimage", Capability.WRITE)),
    LambdaFunction: (("lambda:updatefunctioncode", Capability.CODE), ("lambda:invokefunction", None)),
}
"""Kind -> action, and the capability that it gives."""


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
    node = Node(id=account_node(estate, who), kind="account", name=f"account {who}", provider="aws", scope="")
    proof = Evidence(asset=copy.id, field=field, says=f"{who} may copy it")
    opened = opening(estate, copy, who)
    stands = standing(opened)
    yield node
    yield Edge(
        source=node.id,
        target=copy.id,
        kind=EdgeKind.HAS_PERMISSION,
        state=EdgeState.CERTAIN if stands is None else stands.state,
        condition="" if stands is None else stands.condition,
        # Whoever may copy it without its key holds what cannot be read.
        capability=None if stands is None else Capability.READ,
        evidence=(proof, *Pointer({}, copy.id).evidence(opened.because)),
    )


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
    condition = f"it shows the right {', '.join(grant.confined_by)}" if grant.confined_by else residual
    for action, capability in GIVES[type(asset)]:
        if any(_allows(pattern, action) for pattern in grant.actions):
            whole = " and ".join(filter(None, (condition, needed_of_key(estate, asset, action, grant))))
            yield Edge(
                source=source,
                target=asset.id,
                kind=EdgeKind.HAS_PERMISSION,
                state=EdgeState.CONDITIONAL if whole else EdgeState.CERTAIN,
                condition=whole,
                actions=(action,),
                capability=capability,
                evidence=_proofs(asset, (grant.because,)),
            )


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
