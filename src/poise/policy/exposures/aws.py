"""Kinds of AWS: who judges how far they are open, or why they are not exposed by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from poise.model.asset import Asset, Document
from poise.model.aws.account import AwsAccount, AwsRegion
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.cloudtrail import Trail
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume, Ec2Instance, ElasticIp, MachineImage, NetworkInterface
from poise.model.aws.ecr import EcrRepository
from poise.model.aws.eks import EksCluster
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer, TargetGroup
from poise.model.aws.iam import (
    IamGroup,
    IamInstanceProfile,
    IamOidcProvider,
    IamPolicy,
    IamRole,
    IamSamlProvider,
    IamServerCertificate,
    IamUser,
)
from poise.model.aws.kms import KeyGrant, KmsKey
from poise.model.aws.organizations import (
    Organization,
    OrganizationAccount,
    OrganizationalUnit,
    OrganizationPolicy,
)
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.model.aws.sessions import RoleSession
from poise.model.aws.sns import SnsTopic
from poise.model.aws.sqs import SqsQueue
from poise.model.aws.vpc import (
    EgressOnlyGateway,
    FlowLog,
    InternetGateway,
    NatGateway,
    RouteTable,
    Subnet,
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    Vpc,
    VpcEndpoint,
    VpcPeering,
)
from poise.model.aws.vpc_rules import NetworkAcl, PrefixList, SecurityGroup
from poise.model.inventory import Inventory
from poise.policy.answer import Exposure, Level
from poise.policy.aws import openings
from poise.policy.aws.api_servers import api_server_exposure
from poise.policy.aws.exposed import bucket_exposed, policy_exposed, role_exposed
from poise.policy.aws.function_urls import function_url_exposure
from poise.policy.aws.principals import account_of
from poise.policy.aws.resources import resource_policy_exposure
from poise.policy.exposures.channels import Channel, Judge, said, to_accounts, way

EVERY_ACCOUNT = "all"
"""Group of a share list that stands for every account."""
SHARE_LIST = "the share list"


def _bucket(bucket: S3Bucket, inventory: Inventory) -> Iterator[Channel]:
    yield way("Bucket policy and access list", lambda: bucket_exposed(bucket, inventory))


def _by_policy(title: str) -> Judge:
    """Return the judge of a kind whose resource policy alone lets others in."""

    def judge(asset: SqsQueue | Secret | EcrRepository, inventory: Inventory) -> Iterator[Channel]:
        yield way(title, lambda: policy_exposed(asset.policy, asset.scope, inventory))

    return judge


def _policy(title: str, document: Callable[[], Document | None], account: str) -> Channel:
    return way(title, lambda: resource_policy_exposure(document(), account))


def _topic(topic: SnsTopic, _: Inventory) -> Iterator[Channel]:
    """Yield the way by the policy alone: resource control policies do not act on topics."""
    yield _policy("Topic policy", lambda: topic.policy, topic.scope)


def _key(key: KmsKey, inventory: Inventory) -> Iterator[Channel]:
    yield way("Key policy", lambda: policy_exposed(key.policy, key.scope, inventory))
    yield way("Grants", lambda: _granted(key, inventory))


def _granted(key: KmsKey, inventory: Inventory) -> Exposure:
    """Return how far grants let a key out; grants to services act for the own account."""
    if key.unread.get("manager") is None and key.manager == "AWS":
        return said(Level.PRIVATE, "AWS manages the key, and makes grants for the own account alone", "grants")
    foreign = [grant for grant in key.grants if account_of(grant.grantee) not in ("", key.scope)]
    if not foreign:
        return said(Level.PRIVATE, "no grant names a principal of another account", "grants")
    found = [
        to_accounts((one.grantee,), tuple(f"kms:{name}" for name in one.operations), f"grant {one.id}")
        for one in foreign
        if _is_left(one, key, inventory)
    ]
    if not found:
        text = "resource control policies of the organization keep out those of other accounts whom grants name"
        return said(Level.PRIVATE, text, "grants")
    because = tuple(reason for one in found for reason in one.because)
    return Exposure(Level.RESTRICTED, because, tuple(grant for one in found for grant in one.grants))


def _is_left(grant: KeyGrant, key: KmsKey, inventory: Inventory) -> bool:
    """Say whether resource control policies leave something of a grant: it is judged as a policy that says the same."""
    operations = [f"kms:{name}" for name in grant.operations]
    said = {"Effect": "Allow", "Principal": {"AWS": grant.grantee}, "Action": operations, "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [said]}
    return policy_exposed(document, key.scope, inventory).level is not Level.PRIVATE


def _function(function: LambdaFunction, _: Inventory) -> Iterator[Channel]:
    yield _policy("Function policy", lambda: function.policy, function.scope)
    url = function.url
    if url is not None:
        auth_type = url.auth_type
        yield way("HTTPS address", lambda: function_url_exposure(auth_type, function.policy, function.scope))
    for one in function.alias_urls:
        title = f"HTTPS address of alias {one.alias}"
        yield Channel(title, function_url_exposure(one.url.auth_type, one.policy, function.scope))


def _role(role: IamRole, inventory: Inventory) -> Iterator[Channel]:
    yield way("Trust policy", lambda: role_exposed(role, inventory))


def _by_sharing(named: Callable[[Asset], Iterator[str]]) -> Judge:
    def judge(asset: Asset, _: Inventory) -> Iterator[Channel]:
        yield way("Sharing", lambda: _shared(tuple(named(asset))))

    return judge


def _shared(named: tuple[str, ...]) -> Exposure:
    """Return how far a snapshot or image is shared."""
    if EVERY_ACCOUNT in named:
        return said(Level.PUBLIC, "it is shared with every AWS account", SHARE_LIST)
    if not named:
        return said(Level.PRIVATE, "it is shared with nobody", SHARE_LIST)
    return to_accounts(named, ("copy it",), SHARE_LIST)


def _restorable(snapshot: RdsSnapshot | RdsClusterSnapshot) -> Iterator[str]:
    yield from snapshot.restorable_by


def _disk(snapshot: EbsSnapshot) -> Iterator[str]:
    yield from (*snapshot.shared_with_groups, *snapshot.shared_with_accounts)


def _image(image: MachineImage) -> Iterator[str]:
    yield from (EVERY_ACCOUNT,) if image.public else ()
    yield from (*image.shared_with_groups, *image.shared_with_accounts, *image.shared_with_organizations)


def _cluster(cluster: RdsCluster) -> Exposure:
    if cluster.publicly_accessible:
        return said(Level.PUBLIC, "it is publicly accessible")
    return said(Level.PRIVATE, "it has no public address of its own")


def _network(title: str, judge: Callable[..., Exposure]) -> Judge:
    """Return the judge of a kind that listens on a network; ``judge`` takes the asset and the inventory."""

    def ways(asset: Asset, inventory: Inventory) -> Iterator[Channel]:
        yield way(title, lambda: judge(asset, inventory))

    return ways


BY_POLICY: Mapping[type[Asset], Judge] = {
    S3Bucket: _bucket,
    KmsKey: _key,
    LambdaFunction: _function,
    IamRole: _role,
    SqsQueue: _by_policy("Queue policy"),
    SnsTopic: _topic,
    Secret: _by_policy("Resource policy"),
    EcrRepository: _by_policy("Repository policy"),
    EbsSnapshot: _by_sharing(_disk),  # type: ignore[arg-type]
    MachineImage: _by_sharing(_image),  # type: ignore[arg-type]
    RdsSnapshot: _by_sharing(_restorable),  # type: ignore[arg-type]
    RdsClusterSnapshot: _by_sharing(_restorable),  # type: ignore[arg-type]
}
ON_NETWORK: Mapping[type[Asset], Judge] = {
    Ec2Instance: _network("Network", openings.machine_openness),
    RdsInstance: _network("Network", openings.database_openness),
    RdsCluster: _network("Network", lambda cluster, _: _cluster(cluster)),
    LoadBalancer: _network("Network", openings.balancer_openness),
    ClassicLoadBalancer: _network("Network", openings.balancer_openness),
    EksCluster: _network("API server", lambda cluster, _: api_server_exposure(cluster)),
}
OF_NETWORK = "it is a part of the network: what stands behind it is exposed, or not"
OF_IAM = "it is a right or an identity of the own account, which no other account can be let into"
OF_ACCOUNT = "it holds settings of the account"
OF_ORGANIZATION = "it is a part of the organization, which only its own accounts take part in"
NOT_EXPOSED: Mapping[type[Asset], str] = {
    **dict.fromkeys((AwsAccount, AwsRegion), OF_ACCOUNT),
    **dict.fromkeys((IamUser, IamGroup, IamPolicy, IamInstanceProfile, RoleSession), OF_IAM),
    **dict.fromkeys((IamOidcProvider, IamSamlProvider), "it names an issuer; the trust of a role lets somebody in"),
    **dict.fromkeys((Organization, OrganizationalUnit, OrganizationAccount, OrganizationPolicy), OF_ORGANIZATION),
    **dict.fromkeys((Vpc, Subnet, RouteTable, InternetGateway, EgressOnlyGateway, NatGateway), OF_NETWORK),
    **dict.fromkeys((VpcEndpoint, VpcPeering, TransitGatewayAttachment, NetworkAcl, SecurityGroup), OF_NETWORK),
    **dict.fromkeys((PrefixList, NetworkInterface, ElasticIp, TransitGatewayRouteTable, TargetGroup), OF_NETWORK),
    Trail: "it writes to a bucket, which is exposed or not",
    FlowLog: "it writes to a bucket or a log group, which is exposed or not",
    EbsVolume: "a volume is shared through snapshots alone",
    IamServerCertificate: "its private key cannot be read by anybody",
}
