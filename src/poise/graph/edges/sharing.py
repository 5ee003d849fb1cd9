"""What anybody may copy or read: shared snapshots and images, public buckets, functions that everyone may call."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.graph.judging import CERTAIN, Pointer, Standing, both, standing
from poise.graph.outside import account, let_in, partition_of, stranger, unsigned
from poise.graph.outside_keys import needed_of_key, opening
from poise.graph.sides import account_node, held_of
from poise.model.asset import Asset
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
from poise.policy.answer import Answer, Audience, Decision, Exposure, Grant, Level, Reason
from poise.policy.aws.entitlements import Side
from poise.policy.aws.exposed import bucket_exposed, policy_exposed
from poise.policy.aws.exposure import resource_policy_exposure
from poise.policy.aws.function_urls import function_url_exposure
from poise.policy.aws.organization import RESOURCE_CONTROL
from poise.policy.outcome import any_answers

EVERY_ACCOUNT = "all"
Policed = KmsKey | LambdaFunction | EcrRepository | Secret
COPIES = (EbsSnapshot, MachineImage, RdsSnapshot, RdsClusterSnapshot)
GIVES = {
    S3Bucket: (
        ("s3:GetObject", Capability.READ),
        ("s3:PutObject", Capability.WRITE),
    ),
    KmsKey: (("kms:Decrypt", Capability.READ),),
    Secret: (("secretsmanager:GetSecretValue", Capability.READ),),
    EcrRepository: (("ecr:GetDownloadUrlForLayer", Capability.READ), ("ecr:PutImage", Capability.WRITE)),
    LambdaFunction: (("lambda:UpdateFunctionCode", Capability.CODE), ("lambda:InvokeFunction", None)),
}
"""Kind -> action, and the capability that it gives; policies of buckets and keys are written inside of the account."""


def find(estate: Estate) -> Found:
    """Yield what everyone and named outsiders may do."""
    for copy in estate.of(*COPIES):
        yield from _copied(estate, copy)
    for bucket in estate.of(S3Bucket):
        try:
            found = bucket_exposed(bucket, estate.inventory)
        except NotCollected:
            continue
        yield from _exposed(bucket, found)
        yield from _granted(estate, bucket, found)
    policed: list[Policed] = [*estate.of(KmsKey), *estate.of(LambdaFunction), *estate.of(EcrRepository)]
    policed += estate.of(Secret)
    for asset in policed:
        why = asset.unread.get("policy")
        found = _unread(why) if why else _let_in(estate, asset)
        yield from _granted(estate, asset, found)
    for function in estate.of(LambdaFunction):
        yield from _addressed(function)


def _let_in(estate: Estate, asset: Policed) -> Exposure:
    """Return whom a policy lets in; resource control policies do not act on functions."""
    if isinstance(asset, LambdaFunction):
        return resource_policy_exposure(asset.policy, asset.scope)
    return policy_exposed(asset.policy, asset.scope, estate.inventory)


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
    for name, capability in GIVES[type(asset)]:
        action = name.lower()
        if not any(_allows(pattern, action) for pattern in grant.actions):
            continue
        left = standing(any_answers(_left(estate, asset, action, side) for side in _callers(asset, grant)))
        key = needed_of_key(estate, asset, action, grant)
        if left is not None and key is not None:
            stands = both(both(granted, key), left)
            yield Edge(
                source=source,
                target=asset.id,
                kind=EdgeKind.HAS_PERMISSION,
                state=stands.state,
                condition=stands.condition,
                actions=(name,),
                capability=capability,
                evidence=_proofs(asset, (grant.because,)),
            )


def _callers(asset: Asset, grant: Grant) -> tuple[Side, ...]:
    """Return who comes by a grant: an account, or anyone, with or without an account of its own."""
    if grant.audience is Audience.ACCOUNT:
        return (account(grant.who, partition_of(asset)),)
    return unsigned(), stranger(partition_of(asset))


def _left(estate: Estate, asset: Asset, action: str, side: Side) -> Answer:
    """Answer whether guardrails of the asset's account leave a caller an action.

    Resource control policies that were not read take nothing away: what the asset itself lets in is a fact.
    """
    answer = let_in(held_of(estate, asset), action, side)
    if answer.decision is Decision.UNKNOWN and {gap.input for gap in answer.unread} == {RESOURCE_CONTROL}:
        return Answer(Decision.ALLOW, answer.because)
    return answer


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
