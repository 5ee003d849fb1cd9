"""Machines, networks and load balancers through real boto3, from a real moto server."""

from datetime import UTC, datetime

import pytest

from poise.assess.engine import Judge
from poise.checks import catalog
from poise.collect.aws.connector import LiveAws, LiveChoice
from poise.collect.aws.reading.live import LiveSettings
from poise.model.inventory import ListInventory
from tests.moto import ACCOUNT, IMAGE, KEYS, REGION, client, moto_url, reset

__all__ = ["moto_url"]
pytestmark = pytest.mark.server
NOW = datetime(2026, 11, 25, tzinfo=UTC)
NOT_OFFERED = {
    "ec2:GetEbsDefaultKmsKeyId",
    "ec2:GetSnapshotBlockPublicAccessState",
    "ec2:GetInstanceMetadataDefaults",
}
"""Calls that moto answers with a page of HTML."""


@pytest.fixture(scope="module")
def network(moto_url):
    """Build one network with an exposed machine behind a load balancer; the ids of what was made."""
    reset(moto_url)
    ec2, balancing = client(moto_url, "ec2"), client(moto_url, "elbv2")
    made = {"vpc": ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]}
    made |= {f"subnet{n}": _subnet(ec2, made["vpc"], n, zone) for n, zone in ((1, "a"), (2, "b"))}
    _open_to_internet(ec2, made)
    made["list"] = _prefix_list(ec2)
    made["group"] = _group(ec2, made)
    made |= _machine(ec2, made)
    made |= _disks(ec2)
    ec2.create_flow_logs(
        ResourceIds=[made["vpc"]],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{_bucket(moto_url)}",
    )
    made["balancer"] = _balancer(balancing, made)
    made["classic"] = _classic(client(moto_url, "elb"), made)
    return made


@pytest.fixture(scope="module")
def read(moto_url, network):
    """Read all of it; partition -> what came."""
    with pytest.MonkeyPatch.context() as env:
        for name, value in KEYS.items():
            env.setenv(name.upper(), value)
        choice = LiveChoice(regions=(REGION,), services=("ec2", "vpc", "elb"))
        settings = LiveSettings(endpoint_url=moto_url, secret_key=b"k" * 32, max_attempts=1)
        door = LiveAws(choice=choice, settings=settings, clock=lambda: NOW)
        (scope,) = door.scopes()
        yield {key.service: door.read(key) for key in door.partitions(scope)}
        door.close()


@pytest.fixture(scope="module")
def verdicts(read):
    """Judge all of it; (check, end of the asset's id) -> verdict."""
    assets = [asset for result in read.values() for asset in result.assets]
    mine = [check for check in catalog.load().values() if check.service in read and check.provider == "aws"]
    judge = Judge(mine, NOW, inventory=ListInventory(assets))
    return {
        (check, asset.id.rpartition("/")[2]): verdict
        for asset in assets
        for judged in (judge.own(asset), judge.neighbours(asset))
        for check, verdict in judged.verdicts.items()
    }


def asset(read, end):
    (found,) = [one for result in read.values() for one in result.assets if one.id.endswith(f"/{end}")]
    return found


def test_every_listing_is_complete(read):
    listings = [listing for result in read.values() for listing in result.listings]

    assert len(listings) == 24
    assert [listing.kind for listing in listings if listing.state != "complete"] == []


def test_no_check_fails_on_what_was_read(verdicts):
    assert not [verdict.reason for verdict in verdicts.values() if "the check failed" in verdict.reason]


def test_calls_that_fail_are_gaps_on_just_their_fields(read):
    failed = {gap.call for gap in read["ec2"].gaps}

    assert failed == NOT_OFFERED
    region = next(a for a in read["ec2"].assets if a.KIND == "AWS::::Region")
    assert region.ebs_encryption_by_default is False
    assert set(region.unread) == {"ebs_default_key", "snapshot_block_public_access", "metadata_http_tokens"}
    assert not [a for a in (*read["ec2"].assets, *read["vpc"].assets) if a.unread and a is not region]


def test_machine_is_read_with_its_relations(read, network):
    machine = asset(read, network["machine"])

    assert machine.scope == ACCOUNT
    assert machine.security_groups == (asset(read, network["group"]).id,)
    assert machine.subnet == asset(read, network["subnet1"]).id
    assert machine.vpc == asset(read, network["vpc"]).id
    assert asset(read, machine.interfaces[0].rpartition("/")[2]).instance == machine.id
    assert machine.metadata.http_tokens == "optional"


def test_start_script_is_scanned_and_not_kept(read, network):
    machine = asset(read, network["machine"])

    assert machine.user_data.hits
    assert "hunter2" not in repr([(result.raw, [a.known() for a in result.assets]) for result in read.values()])


def test_copies_of_others_are_not_listed(read, network):
    snapshots = [a.id.rpartition("/")[2] for a in read["ec2"].assets if a.KIND == "AWS::EC2::Snapshot"]

    assert snapshots == [network["snapshot"]]


@pytest.mark.parametrize(
    ("check", "key"),
    [
        ("aws.vpc.management_port_open_to_internet", "group"),
        ("aws.ec2.instance_reachable_on_management_port", "machine"),
        ("aws.ec2.metadata_v1_allowed", "machine"),
        ("aws.ec2.secret_in_user_data", "machine"),
        ("aws.ec2.instance_without_profile", "machine"),
        ("aws.ec2.volume_unencrypted", "volume"),
        ("aws.ec2.snapshot_open_to_everyone", "snapshot"),
        ("aws.elb.plain_http", "balancer"),
        ("aws.elb.classic_plain_http", "classic"),
        ("aws.vpc.subnet_assigns_public_addresses", "subnet1"),
    ],
)
def test_fault_is_found(verdicts, network, check, key):
    assert verdicts[check, network[key].rpartition("/")[2]].state == "unhealthy"


@pytest.mark.parametrize(
    ("check", "key"),
    [
        ("aws.vpc.flow_logs_off", "vpc"),
        ("aws.vpc.security_group_unused", "group"),
        ("aws.vpc.database_port_open_to_internet", "group"),
        ("aws.vpc.all_ports_open_to_internet", "group"),
        ("aws.vpc.subnet_assigns_public_addresses", "subnet2"),
    ],
)
def test_what_is_well_is_silent(verdicts, network, check, key):
    assert verdicts[check, network[key]].state == "healthy"


def _subnet(ec2, vpc, number, zone):
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
    return made["Subnet"]["SubnetId"]


def _open_to_internet(ec2, made):
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=made["vpc"])
    table = ec2.create_route_table(VpcId=made["vpc"])["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=made["subnet1"])
    ec2.modify_subnet_attribute(SubnetId=made["subnet1"], MapPublicIpOnLaunch={"Value": True})


def _prefix_list(ec2):
    made = ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=5, AddressFamily="IPv4", Entries=[{"Cidr": "198.51.100.0/24"}]
    )
    return made["PrefixList"]["PrefixListId"]


def _group(ec2, made):
    group = ec2.create_security_group(GroupName="front", Description="front", VpcId=made["vpc"])["GroupId"]
    halves = [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]
    rules = [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": halves},
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "PrefixListIds": [{"PrefixListId": made["list"]}]},
    ]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
    return group


def _machine(ec2, made):
    answer = ec2.run_instances(
        ImageId=IMAGE,
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        SubnetId=made["subnet1"],
        SecurityGroupIds=[made["group"]],
        MetadataOptions={"HttpTokens": "optional", "HttpEndpoint": "enabled"},
        UserData="#!/bin/sh\nexport DB_PASSWORD=hunter2-plain\n",
    )
    return {"machine": answer["Instances"][0]["InstanceId"]}


def _disks(ec2):
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8, Encrypted=False)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )
    return {"volume": volume, "snapshot": snapshot}


def _bucket(url):
    client(url, "s3").create_bucket(Bucket="flows", CreateBucketConfiguration={"LocationConstraint": REGION})
    return "flows"


def _balancer(balancing, made):
    subnets = [made["subnet1"], made["subnet2"]]
    balancer = balancing.create_load_balancer(
        Name="shop", Subnets=subnets, SecurityGroups=[made["group"]], Scheme="internet-facing"
    )
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    target = balancing.create_target_group(Name="shop", Protocol="HTTP", Port=80, VpcId=made["vpc"])
    group = target["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    balancing.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    return arn


def _classic(classic, made):
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    classic.create_load_balancer(LoadBalancerName="old", Listeners=[listener], Subnets=[made["subnet1"]])
    return "old"
