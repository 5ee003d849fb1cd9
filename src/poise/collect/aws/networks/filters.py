"""Reads what filters packets: security groups, the prefix lists that they name, network ACLs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import Place, all_pages, listed_each, name_of
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.vpc_rules import NetworkAcl, PrefixList, SecurityGroup

AWS = "AWS"
"""Owner of the prefix lists that AWS keeps: addresses of its own services."""
PEERS = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")


def security_groups(reader: AwsReader) -> Iterator[Piece]:
    """Yield the security groups of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeSecurityGroups", "SecurityGroups", MaxResults=1000)
    return listed(SecurityGroup, items, partial(_group, Place.of(reader)))


def prefix_lists(reader: AwsReader) -> Iterator[Piece]:
    """Yield the prefix lists of customers in a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeManagedPrefixLists", "PrefixLists")
    return listed_each(reader, PrefixList, items, partial(_prefix_list, reader, Place.of(reader)))


def network_acls(reader: AwsReader) -> Iterator[Piece]:
    """Yield the network ACLs of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeNetworkAcls", "NetworkAcls")
    return listed(NetworkAcl, items, partial(_acl, Place.of(reader)))


def _group(place: Place, item: Json) -> Iterator[Piece]:
    id = item["GroupId"]
    facts = Facts(SecurityGroup)
    facts.pick(
        "ec2:DescribeSecurityGroups",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        description="Description",
        vpc=lambda i: place.arn_or_none("vpc", i.get("VpcId")),
        owner="OwnerId",
        ingress=lambda i: [_permission(place, p) for p in i["IpPermissions"]],
        egress=lambda i: [_permission(place, p) for p in i["IpPermissionsEgress"]],
    )
    arn = place.arn("security-group", id)
    return facts.finish(id=arn, name=item["GroupName"], scope=place.account, region=place.region)


def _permission(place: Place, permission: Json) -> Json:
    peers = [peer for key in PEERS for peer in permission.get(key) or ()]
    return {
        "protocol": permission["IpProtocol"],
        "from_port": permission.get("FromPort"),
        "to_port": permission.get("ToPort"),
        "cidrs_v4": [r["CidrIp"] for r in permission["IpRanges"]],
        "cidrs_v6": [r["CidrIpv6"] for r in permission["Ipv6Ranges"]],
        "prefix_lists": place.arns("prefix-list", (p["PrefixListId"] for p in permission["PrefixListIds"])),
        "groups": [_referenced(place, pair) for pair in permission["UserIdGroupPairs"]],
        "descriptions": list(dict.fromkeys(p["Description"] for p in peers if p.get("Description"))),
    }


def _referenced(place: Place, pair: Json) -> str:
    """Return the ARN of a group in its own account, or its name where the API gives no more (EC2-Classic)."""
    id = pair.get("GroupId")
    return place.arn("security-group", id, pair.get("UserId") or "") if id else str(pair["GroupName"])


def _prefix_list(reader: AwsReader, place: Place, item: Json) -> Iterator[Piece]:
    id = item["PrefixListId"]
    if item["OwnerId"] == AWS:
        return iter(())
    facts = Facts(PrefixList)
    facts.pick(
        "ec2:DescribeManagedPrefixLists",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        family="AddressFamily",
        owner="OwnerId",
        version="Version",
    )
    facts.read(
        partial(all_pages(reader), "ec2", "GetManagedPrefixListEntries", "Entries", PrefixListId=id),
        entries=lambda a: [{"cidr": e["Cidr"], "description": e.get("Description") or None} for e in a],
    )
    arn = place.arn("prefix-list", id)
    return facts.finish(id=arn, name=item["PrefixListName"], scope=place.account, region=place.region)


def _acl(place: Place, item: Json) -> Iterator[Piece]:
    id = item["NetworkAclId"]
    facts = Facts(NetworkAcl)
    facts.pick(
        "ec2:DescribeNetworkAcls",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        vpc=lambda i: place.arn("vpc", i["VpcId"]),
        is_default="IsDefault",
        owner="OwnerId",
        subnets=lambda i: place.arns("subnet", (a["SubnetId"] for a in i["Associations"])),
        entries=lambda i: [_entry(entry) for entry in i["Entries"]],
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("network-acl", id), name=name, scope=place.account, region=place.region)


def _entry(entry: Json) -> Json:
    ports = entry.get("PortRange") or {}
    return {
        "number": entry["RuleNumber"],
        "egress": entry["Egress"],
        "action": entry["RuleAction"],
        "protocol": entry["Protocol"],
        "cidr": entry.get("CidrBlock") or entry["Ipv6CidrBlock"],
        "from_port": ports.get("From"),
        "to_port": ports.get("To"),
    }
