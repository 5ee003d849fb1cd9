"""Reads target groups: where the listeners of load balancers send connections."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.balancers.tagged import TagCall, Tagged, take_tags, with_tags
from poise.collect.aws.reading.reader import AwsReader
from poise.collect.aws.reading.spread import Place, listed_each
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.elb import TargetGroup

HOW = TagCall("elbv2", "TargetGroups", "TargetGroupArn", "ResourceArn", "ResourceArns", "DescribeTargetGroups")
KEEPS_CLIENT = "preserve_client_ip.enabled"


def target_groups(reader: AwsReader) -> Iterator[Piece]:
    """Yield the target groups of a region, then the state of their listing."""
    return listed_each(reader, TargetGroup, with_tags(reader, HOW), partial(_group, reader, Place.of(reader)))


def _group(reader: AwsReader, place: Place, tagged: Tagged) -> Iterator[Piece]:
    item, tags = tagged
    arn = item["TargetGroupArn"]
    facts = Facts(TargetGroup)
    facts.pick(
        "elbv2:DescribeTargetGroups",
        item,
        protocol="Protocol",
        port="Port",
        target_type="TargetType",
        vpc=lambda i: place.arn_or_none("vpc", i.get("VpcId")),
        balancers=lambda i: i["LoadBalancerArns"],
    )
    take_tags(facts, tags, HOW)
    ask = partial(partial, reader.get, "elbv2")
    facts.read(ask("DescribeTargetGroupAttributes", TargetGroupArn=arn), keeps_client_address=_keeps_client)
    facts.read(
        ask("DescribeTargetHealth", TargetGroupArn=arn),
        targets=lambda a: [_target(one) for one in a["TargetHealthDescriptions"]],
    )
    return facts.finish(id=arn, name=item["TargetGroupName"], scope=place.account, region=place.region)


def _keeps_client(answer: Json) -> bool | None:
    """Groups of protocols that cannot keep the address have no such attribute."""
    found = {pair["Key"]: pair["Value"] for pair in answer["Attributes"]}
    return found[KEEPS_CLIENT] == "true" if KEEPS_CLIENT in found else None


def _target(item: Json) -> Json:
    target, health = item["Target"], item.get("TargetHealth") or {}
    return {"id": target["Id"], "port": target.get("Port"), "health": health.get("State")}
