"""Which key reading an asset needs."""

from __future__ import annotations

from collections.abc import Mapping

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.asset import Asset
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.cloudtrail import Trail
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.graph import Edge, EdgeKind, Evidence

FIELDS: Mapping[type[Asset], str] = {
    EbsVolume: "key",
    EbsSnapshot: "key",
    RdsInstance: "encryption_key",
    RdsCluster: "encryption_key",
    RdsSnapshot: "encryption_key",
    RdsClusterSnapshot: "encryption_key",
    S3Bucket: "encryption_key",
    Trail: "encryption_key",
    LambdaFunction: "environment_key",
}
"""Kind -> the field with the key."""


def find(estate: Estate) -> Found:
    """Yield an edge from each encrypted asset to its key."""
    by_id = {one.id: one.id for one in estate.of(KmsKey)}
    aliases = {(one.scope, name): one.id for one in estate.of(KmsKey) for name in read(one, "aliases") or ()}
    for kind, field in FIELDS.items():
        for asset in estate.of(kind):
            key = read(asset, field)
            if not key:
                continue
            named = key.rpartition(":")[2] if ":alias/" in key else key
            target = by_id.get(key) or aliases.get((asset.scope, named), key)
            proof = Evidence(asset=asset.id, field=field, says=f"it is encrypted with {named.rpartition('/')[2]}")
            yield Edge(source=asset.id, target=target, kind=EdgeKind.IS_ENCRYPTED_WITH, evidence=(proof,))


FAMILY = Family(Width.PROVIDER, find, "aws")
