"""Reads Amazon Elastic Kubernetes Service: clusters as AWS knows them; what runs in them their API servers say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader
from poise.collect.aws.reading.spread import Place, listed_each
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.eks import EksCluster
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("eks:ListClusters", "eks:ListClusters", ("EksCluster",)),
    Read(
        "eks:DescribeCluster",
        "eks:DescribeCluster",
        ("EksCluster.tags", *(f"EksCluster.{field}" for field in EksCluster.FACTS)),
    ),
)
SECRETS = "secrets"


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the clusters of a region, then the state of the listing."""
    names = reader.pages("eks", "ListClusters", "clusters")
    yield from listed_each(reader, EksCluster, names, partial(_cluster, reader))


def _cluster(reader: AwsReader, name: str) -> list[Piece]:
    place = Place.of(reader)
    facts = Facts(EksCluster)
    facts.read(
        partial(reader.get, "eks", "DescribeCluster", name=name),
        tags=lambda a: a["cluster"].get("tags") or {},
        version="cluster.version",
        status="cluster.status",
        endpoint="cluster.endpoint",
        role="cluster.roleArn",
        vpc=lambda a: place.arn_or_none("vpc", _network(a).get("vpcId")),
        subnets=lambda a: place.arns("subnet", _network(a)["subnetIds"]),
        security_groups=lambda a: place.arns("security-group", _groups(_network(a))),
        public_endpoint=lambda a: _network(a)["endpointPublicAccess"],
        private_endpoint=lambda a: _network(a)["endpointPrivateAccess"],
        public_ranges=lambda a: _network(a).get("publicAccessCidrs") or (),
        logs=lambda a: _logs(a["cluster"].get("logging") or {}),
        secrets_key=lambda a: _secrets_key(a["cluster"].get("encryptionConfig") or ()),
        issuer="cluster.identity.oidc.issuer",
        authentication_mode="cluster.accessConfig.authenticationMode",
    )
    arn = f"arn:{reader.partition}:eks:{reader.region}:{reader.account}:cluster/{name}"
    return list(facts.finish(id=arn, name=name, scope=reader.account, region=reader.region))


def _network(answer: Json) -> Json:
    return answer["cluster"]["resourcesVpcConfig"]


def _groups(network: Json) -> list[str]:
    own = network.get("clusterSecurityGroupId")
    return list(dict.fromkeys((*(network.get("securityGroupIds") or ()), *((own,) if own else ()))))


def _logs(logging: Json) -> list[str]:
    return [kind for one in logging.get("clusterLogging") or () if one.get("enabled") for kind in one["types"]]


def _secrets_key(configurations: Json) -> str | None:
    keys = (one["provider"]["keyArn"] for one in configurations if SECRETS in one["resources"])
    return next(keys, None)
