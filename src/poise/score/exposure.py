"""How far an asset of any kind is reached from outside, asked of `policy/`: the exposure that risk levels count.

Wide is: by anyone. Narrow is: by somebody outside of the account, or by some addresses of the internet. A kind that is
not listed here is not reached by itself, such as a group or a policy, and has no exposure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from poise.model.asset import Asset
from poise.model.aws.account import AwsAccount
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, Ec2Instance, MachineImage
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.iam import IamRole
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Exposure, Level, Reason
from poise.policy.aws import openings as aws_openings
from poise.policy.aws.exposure import exposure_of_bucket, resource_policy_exposure, trust_exposure
from poise.policy.aws.function_urls import function_url_exposure
from poise.policy.aws.principal import partition_of
from poise.policy.azure import openings as azure_openings
from poise.policy.azure.exposure import endpoint_exposure, sql_exposure
from poise.score.risk import Reached, Width

Ask = Callable[[Any, Inventory], Exposure]
WIDTHS = {
    Level.PUBLIC: Width.WIDE,
    Level.RESTRICTED: Width.NARROW,
    Level.PRIVATE: Width.NONE,
    Level.UNKNOWN: Width.UNKNOWN,
}
WORST_FIRST = (Level.PUBLIC, Level.UNKNOWN, Level.RESTRICTED, Level.PRIVATE)
MOST_REASONS = 2
"""Reasons that a sentence takes up."""
EVERYONE = "all"


def exposure_of(asset: Asset, inventory: Inventory) -> Reached | None:
    """Return how far an asset is reached; None for a kind that is not reached by itself."""
    ask = ASKED.get(type(asset))
    if ask is None:
        return None
    try:
        found = ask(asset, inventory)
    except NotCollected as gap:
        return Reached(Width.UNKNOWN, f"unknown: {gap.field} was not read: {gap.reason}")
    text = "; ".join(reason.text for reason in found.because[:MOST_REASONS])
    if found.level is Level.UNKNOWN:
        return Reached(Width.UNKNOWN, f"unknown: {text or 'it cannot be judged'}")
    return Reached(WIDTHS[found.level], text or WORDS[found.level])


WORDS = {
    Level.PUBLIC: "anyone reaches it",
    Level.RESTRICTED: "somebody outside reaches it",
    Level.PRIVATE: "nobody outside reaches it",
}


def _bucket(bucket: S3Bucket, inventory: Inventory) -> Exposure:
    return exposure_of_bucket(bucket, lambda: next(iter(inventory.of(AwsAccount, bucket.scope)), None))


def _function(function: LambdaFunction, inventory: Inventory) -> Exposure:
    found = [resource_policy_exposure(function.policy, function.scope)]
    if function.url is not None:
        found.append(function_url_exposure(function.url.auth_type, function.policy, function.scope))
    found += [function_url_exposure(a.url.auth_type, a.policy, function.scope) for a in function.alias_urls]
    return min(found, key=lambda one: WORST_FIRST.index(one.level))


def _cluster(cluster: RdsCluster, inventory: Inventory) -> Exposure:
    if cluster.publicly_accessible:
        return _said(Level.PUBLIC, "it is publicly accessible")
    return _said(Level.PRIVATE, "it has no public address of its own")


def _snapshot(snapshot: RdsSnapshot | RdsClusterSnapshot, inventory: Inventory) -> Exposure:
    return _shared(EVERYONE in snapshot.restorable_by, len(snapshot.restorable_by))


def _disk_snapshot(snapshot: EbsSnapshot, inventory: Inventory) -> Exposure:
    return _shared(EVERYONE in snapshot.shared_with_groups, len(snapshot.shared_with_accounts))


def _image(image: MachineImage, inventory: Inventory) -> Exposure:
    with_some = len(image.shared_with_accounts) + len(image.shared_with_organizations)
    return _shared(image.public or EVERYONE in image.shared_with_groups, with_some)


def _shared(with_everyone: bool, with_some: int) -> Exposure:
    if with_everyone:
        return _said(Level.PUBLIC, "it is shared with every account")
    if with_some:
        return _said(Level.RESTRICTED, f"it is shared with {with_some} outside of the account")
    return _said(Level.PRIVATE, "it is shared with nobody")


def _endpoint(asset: StorageAccount | KeyVault, inventory: Inventory) -> Exposure:
    return endpoint_exposure(asset.public_network_access, asset.network_rules)


def _said(level: Level, text: str) -> Exposure:
    return Exposure(level, (Reason(text),))


ASKED: Mapping[type[Asset], Ask] = {
    S3Bucket: _bucket,
    Ec2Instance: aws_openings.machine_openness,
    RdsInstance: aws_openings.database_openness,
    LoadBalancer: aws_openings.balancer_openness,
    ClassicLoadBalancer: aws_openings.balancer_openness,
    RdsCluster: _cluster,
    RdsSnapshot: _snapshot,
    RdsClusterSnapshot: _snapshot,
    EbsSnapshot: _disk_snapshot,
    MachineImage: _image,
    LambdaFunction: _function,
    KmsKey: lambda key, inventory: resource_policy_exposure(key.policy, key.scope),
    IamRole: lambda role, inventory: trust_exposure(role.trust_policy, role.scope, partition_of(role.id)),
    VirtualMachine: azure_openings.machine_openness,
    StorageAccount: _endpoint,
    KeyVault: _endpoint,
    SqlServer: lambda server, inventory: sql_exposure(server.public_network_access, server.firewall_rules),
}
"""Kind -> who is asked."""
