"""Which key reading an asset needs."""

from __future__ import annotations

from collections.abc import Mapping

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.keys import key_in
from poise.model.asset import Asset
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.cloudtrail import Trail
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume
from poise.model.aws.ecr import EcrRepository
from poise.model.aws.eks import EksCluster
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.model.aws.sns import SnsTopic
from poise.model.aws.sqs import SqsQueue
from poise.model.graph import Edge, EdgeKind, Evidence
from poise.policy.answer import Unread
from poise.policy.aws.data_keys import key_arn

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
    Secret: "encryption_key",
    SqsQueue: "encryption_key",
    SnsTopic: "encryption_key",
    EcrRepository: "encryption_key",
    EksCluster: "secrets_key",
}
"""Kind -> the field with the key."""


def find(estate: Estate) -> Found:
    """Yield an edge from each encrypted asset to its key."""
    for kind, field in FIELDS.items():
        for asset in estate.of(kind):
            text = read(asset, field)
            if not text:
                continue
            arn = key_arn(asset, text)
            key = key_in(estate, arn)
            named = text.rpartition(":")[2] if ":alias/" in text else text
            proof = Evidence(asset=asset.id, field=field, says=f"it is encrypted with {named.rpartition('/')[2]}")
            target = arn if isinstance(key, Unread) else key.id
            yield Edge(source=asset.id, target=target, kind=EdgeKind.IS_ENCRYPTED_WITH, evidence=(proof,))


FAMILY = Family(Width.PROVIDER, find, "aws")
