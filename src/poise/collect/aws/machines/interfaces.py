"""Reads network interfaces and the public addresses that an account keeps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import Place, name_of
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.ec2 import ElasticIp, NetworkInterface


def interfaces(reader: AwsReader) -> Iterator[Piece]:
    """Yield the network interfaces of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", MaxResults=1000)
    return listed(NetworkInterface, items, partial(_interface, Place.of(reader)))


def addresses(reader: AwsReader) -> Iterator[Piece]:
    """Yield the elastic addresses of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeAddresses", "Addresses")
    return listed(ElasticIp, items, partial(_address, Place.of(reader)))


def _interface(place: Place, item: Json) -> Iterator[Piece]:
    id = item["NetworkInterfaceId"]
    facts = Facts(NetworkInterface)
    facts.pick(
        "ec2:DescribeNetworkInterfaces",
        item,
        tags=lambda i: tags_of(i["TagSet"]),
        description="Description",
        type="InterfaceType",
        status="Status",
        vpc=lambda i: place.arn("vpc", i["VpcId"]),
        subnet=lambda i: place.arn("subnet", i["SubnetId"]),
        security_groups=lambda i: place.arns("security-group", (g["GroupId"] for g in i["Groups"])),
        private_ips=lambda i: [a["PrivateIpAddress"] for a in i["PrivateIpAddresses"]],
        public_ips=_public_ips,
        ipv6_addresses=lambda i: [a["Ipv6Address"] for a in i["Ipv6Addresses"]],
        instance=lambda i: place.arn_or_none("instance", (i.get("Attachment") or {}).get("InstanceId")),
        requester="RequesterId",
        requester_managed="RequesterManaged",
        source_dest_check="SourceDestCheck",
    )
    name = name_of(item.get("TagSet"), id)
    return facts.finish(id=place.arn("network-interface", id), name=name, scope=place.account, region=place.region)


def _public_ips(item: Json) -> list[str]:
    bound = [item.get("Association"), *(address.get("Association") for address in item["PrivateIpAddresses"])]
    return list(dict.fromkeys(one["PublicIp"] for one in bound if one and one.get("PublicIp")))


def _address(place: Place, item: Json) -> Iterator[Piece]:
    id = item.get("AllocationId") or item["PublicIp"]
    facts = Facts(ElasticIp)
    facts.pick(
        "ec2:DescribeAddresses",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        public_ip="PublicIp",
        interface=lambda i: place.arn_or_none("network-interface", i.get("NetworkInterfaceId")),
        instance=lambda i: place.arn_or_none("instance", i.get("InstanceId")),
        association="AssociationId",
    )
    name = name_of(item.get("Tags"), item["PublicIp"])
    return facts.finish(id=place.arn("elastic-ip", id), name=name, scope=place.account, region=place.region)
