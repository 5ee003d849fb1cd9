"""Reads classic load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.balancers.tagged import TagCall, Tagged, take_tags, with_tags
from poise.collect.aws.reading.reader import AwsReader, as_text
from poise.collect.aws.reading.spread import Place, listed_each
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.elb import ClassicLoadBalancer

HOW = TagCall("elb", "LoadBalancerDescriptions", "LoadBalancerName", "LoadBalancerName", "LoadBalancerNames")
DESYNC_MODE = "elb.http.desyncmitigationmode"
PROTOCOL = "Protocol-"
"""Policy attributes that switch a protocol start so: `Protocol-TLSv1.2`."""
REFERENCE = "Reference-Security-Policy"


def classic_balancers(reader: AwsReader) -> Iterator[Piece]:
    """Yield the classic load balancers of a region, then the state of their listing."""
    convert = partial(_balancer, reader, Place.of(reader))
    return listed_each(reader, ClassicLoadBalancer, with_tags(reader, HOW), convert)


def _balancer(reader: AwsReader, place: Place, tagged: Tagged) -> Iterator[Piece]:
    item, tags = tagged
    name = item["LoadBalancerName"]
    facts = Facts(ClassicLoadBalancer)
    facts.pick(
        "elb:DescribeLoadBalancers",
        item,
        scheme="Scheme",
        dns_name="DNSName",
        created=lambda i: as_text(i["CreatedTime"]),
        vpc=lambda i: place.arn_or_none("vpc", i.get("VPCId")),
        subnets=lambda i: place.arns("subnet", i["Subnets"]),
        security_groups=lambda i: place.arns("security-group", i["SecurityGroups"]),
        instances=lambda i: place.arns("instance", (one["InstanceId"] for one in i["Instances"])),
        listeners=lambda i: [_listener(one) for one in i["ListenerDescriptions"]],
    )
    take_tags(facts, tags, HOW)
    _read_details(facts, reader, name)
    arn = f"arn:{place.partition}:elasticloadbalancing:{place.region}:{place.account}:loadbalancer/{name}"
    return facts.finish(id=arn, name=name, scope=place.account, region=place.region)


def _read_details(facts: Facts[ClassicLoadBalancer], reader: AwsReader, name: str) -> None:
    ask = partial(partial, reader.get, "elb")
    facts.read(
        ask("DescribeLoadBalancerAttributes", LoadBalancerName=name),
        access_logs="LoadBalancerAttributes.AccessLog.Enabled",
        access_logs_bucket="LoadBalancerAttributes.AccessLog.S3BucketName",
        connection_draining="LoadBalancerAttributes.ConnectionDraining.Enabled",
        cross_zone="LoadBalancerAttributes.CrossZoneLoadBalancing.Enabled",
        desync_mode=_desync_mode,
    )
    facts.read(
        ask("DescribeLoadBalancerPolicies", LoadBalancerName=name),
        policies=lambda a: [_policy(one) for one in a["PolicyDescriptions"]],
    )


def _desync_mode(answer: Json) -> str | None:
    pairs = answer["LoadBalancerAttributes"].get("AdditionalAttributes") or ()
    return next((pair["Value"] for pair in pairs if pair["Key"] == DESYNC_MODE), None)


def _listener(item: Json) -> Json:
    listener = item["Listener"]
    return {
        "protocol": listener["Protocol"],
        "port": listener["LoadBalancerPort"],
        # The API fills in the listener's protocol where none was given; older answers leave it out.
        "instance_protocol": listener.get("InstanceProtocol") or listener["Protocol"],
        "instance_port": listener["InstancePort"],
        "certificate": listener.get("SSLCertificateId") or None,
        "policies": item["PolicyNames"],
    }


def _policy(item: Json) -> Json:
    values = {one["AttributeName"]: one["AttributeValue"] for one in item["PolicyAttributeDescriptions"]}
    return {
        "name": item["PolicyName"],
        "type": item["PolicyTypeName"],
        "reference": values.get(REFERENCE),
        "protocols": [
            name.removeprefix(PROTOCOL)
            for name, value in values.items()
            if name.startswith(PROTOCOL) and value == "true"
        ],
    }
