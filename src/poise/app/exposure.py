"""Who outside reaches an asset: by its policy or by being shared, and over the network from the internet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from poise.app import network
from poise.app.entitlement import Ground
from poise.app.judges import statement_of
from poise.app.workspace import Workspace
from poise.model.asset import Asset, Document
from poise.model.aws.account import AwsAccount
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, Ec2Instance, MachineImage
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.iam import IamRole
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.model.listings import AssetDetail
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.exposure import exposure_of_bucket, resource_policy_exposure, trust_exposure
from poise.policy.aws.function_urls import function_url_exposure
from poise.policy.aws.holdings import Holding
from poise.policy.aws.principals import account_of
from poise.policy.azure.exposure import endpoint_exposure, sql_exposure

BY_POLICY = (S3Bucket, KmsKey, LambdaFunction, IamRole, StorageAccount, KeyVault, SqlServer)
SHARED = (EbsSnapshot, MachineImage, RdsSnapshot, RdsClusterSnapshot)
ON_NETWORK = (Ec2Instance, LoadBalancer, ClassicLoadBalancer, RdsInstance, VirtualMachine, SqlServer)
EVERY_ACCOUNT = "all"
"""Group of a share list that stands for every account."""
SHARE_LIST = "the share list"


class GrantRow(msgspec.Struct, frozen=True, kw_only=True):
    """One grant that reaches somebody outside."""

    audience: Audience
    who: str
    actions: tuple[str, ...]
    confined_by: tuple[str, ...]
    """Condition keys that narrow it."""
    because: Ground


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One way by which somebody outside may reach an asset."""

    title: str
    level: Level
    because: tuple[Ground, ...]
    grants: tuple[GrantRow, ...]
    residual: str


class Exposed(msgspec.Struct, frozen=True, kw_only=True):
    """All ways by which somebody outside may reach an asset."""

    channels: tuple[Channel, ...]
    network: dict[str, Any] | None
    """Reach from the internet as scripts get it; None for what has no place in a network."""


def is_exposable(asset: Asset) -> bool:
    """Say whether exposure means something for a kind of asset."""
    return isinstance(asset, (*BY_POLICY, *SHARED, *ON_NETWORK))


def exposure(workspace: Workspace, detail: AssetDetail) -> Exposed:
    """Return who outside reaches an asset, with the rules that decide."""
    asset = detail.asset
    inventory = workspace.store.inventory(detail.row.source)
    document = Holding(asset, inventory).document
    channels = tuple(_channel(title, found, document) for title, found in _found(asset, inventory))
    reached = None
    if isinstance(asset, ON_NETWORK):
        reached = network.reach_json(network.reach(workspace, network.INTERNET, asset.id))
    return Exposed(channels=channels, network=reached)


def _found(asset: Asset, inventory: Inventory) -> Iterator[tuple[str, Exposure]]:
    if isinstance(asset, S3Bucket):
        yield "Bucket policy and access list", exposure_of_bucket(asset, lambda: _account(asset, inventory))
    elif isinstance(asset, KmsKey):
        yield "Key policy", _read(lambda: resource_policy_exposure(asset.policy, asset.scope))
        yield "Grants", _read(lambda: _granted(asset))
    elif isinstance(asset, LambdaFunction):
        yield "Function policy", _read(lambda: resource_policy_exposure(asset.policy, asset.scope))
        yield from _addresses(asset)
    elif isinstance(asset, IamRole):
        yield "Trust policy", _read(lambda: trust_exposure(asset.trust_policy, asset.scope, asset.id.split(":")[1]))
    elif isinstance(asset, SHARED):
        yield "Sharing", _read(lambda: _shared(asset))
    elif isinstance(asset, StorageAccount | KeyVault):
        yield "Public end point", _read(lambda: endpoint_exposure(asset.public_network_access, asset.network_rules))
    elif isinstance(asset, SqlServer):
        yield "Public end point", _read(lambda: sql_exposure(asset.public_network_access, asset.firewall_rules))


def _account(asset: Asset, inventory: Inventory) -> AwsAccount | None:
    return next(iter(inventory.of(AwsAccount, asset.scope)), None)


def _addresses(function: LambdaFunction) -> Iterator[tuple[str, Exposure]]:
    try:
        named = [("HTTPS address", function.url, function.policy)] if function.url else []
        named += [(f"HTTPS address of alias {one.alias}", one.url, one.policy) for one in function.alias_urls]
    except NotCollected as gap:
        yield "HTTPS address", _unknown(gap)
        return
    for title, url, policy in named:
        yield title, function_url_exposure(url.auth_type, policy, function.scope)


def _granted(key: KmsKey) -> Exposure:
    """Return how far grants let a key out; grants to services act for the own account."""
    foreign = [grant for grant in key.grants if account_of(grant.grantee) not in ("", key.scope)]
    if not foreign:
        return Exposure(Level.PRIVATE, (Reason("no grant names a principal of another account", source="grants"),))
    grants = tuple(
        _to_account(one.grantee, tuple(f"kms:{name}" for name in one.operations), f"grant {one.id}") for one in foreign
    )
    return Exposure(Level.RESTRICTED, tuple(grant.because for grant in grants), grants)


def _to_account(who: str, actions: tuple[str, ...], source: str) -> Grant:
    return Grant(Audience.ACCOUNT, who, actions, Reason(f"{source} names {who}", source=source))


def _shared(asset: Asset) -> Exposure:
    """Return how far a snapshot or image is shared."""
    named = tuple(_share_list(asset))
    if EVERY_ACCOUNT in named:
        return Exposure(Level.PUBLIC, (Reason("it is shared with every AWS account", source=SHARE_LIST),))
    if not named:
        return Exposure(Level.PRIVATE, (Reason("it is shared with nobody", source=SHARE_LIST),))
    grants = tuple(_to_account(one, ("copy it",), SHARE_LIST) for one in named)
    return Exposure(Level.RESTRICTED, tuple(grant.because for grant in grants), grants)


def _share_list(asset: Asset) -> Iterator[str]:
    """Yield the accounts, groups and organizations that may copy an asset."""
    if isinstance(asset, RdsSnapshot | RdsClusterSnapshot):
        yield from asset.restorable_by
    if isinstance(asset, EbsSnapshot | MachineImage):
        yield from (*asset.shared_with_groups, *asset.shared_with_accounts)
    if isinstance(asset, MachineImage):
        yield from asset.shared_with_organizations
        if asset.public:
            yield EVERY_ACCOUNT


def _read(judge: Callable[[], Exposure]) -> Exposure:
    try:
        return judge()
    except NotCollected as gap:
        return _unknown(gap)


def _unknown(gap: NotCollected) -> Exposure:
    return Exposure(Level.UNKNOWN, (Reason(f"{gap.field} was not read: {gap.reason}", source=gap.field),))


def _channel(title: str, found: Exposure, document: Document | None) -> Channel:
    return Channel(
        title=title,
        level=found.level,
        because=tuple(_grounds(found.because, document)),
        grants=tuple(
            GrantRow(
                audience=grant.audience,
                who=grant.who,
                actions=grant.actions,
                confined_by=grant.confined_by,
                because=next(iter(_grounds((grant.because,), document))),
            )
            for grant in found.grants
        ),
        residual=found.residual,
    )


def _grounds(reasons: Iterable[Reason], document: Document | None) -> Iterator[Ground]:
    for reason in dict.fromkeys(reasons):
        yield Ground(
            text=reason.text,
            source=reason.source,
            statement=reason.statement,
            sid=reason.sid,
            document=statement_of(document, reason),
        )
