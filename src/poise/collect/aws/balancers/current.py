"""Reads application, network and gateway load balancers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from poise.collect.aws.balancers.tagged import TagCall, Tagged, take_tags, with_tags
from poise.collect.aws.reading.reader import AwsReader, as_text
from poise.collect.aws.reading.spread import Place, all_pages, listed_each
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.elb import LoadBalancer
from poise.model.errors import NotRead

HOW = TagCall("elbv2", "LoadBalancers", "LoadBalancerArn", "ResourceArn", "ResourceArns")
APPLICATION, GATEWAY = "application", "gateway"


def balancers(reader: AwsReader) -> Iterator[Piece]:
    """Yield the load balancers of a region, then the state of their listing."""
    return listed_each(reader, LoadBalancer, with_tags(reader, HOW), partial(_balancer, reader, Place.of(reader)))


def _balancer(reader: AwsReader, place: Place, tagged: Tagged) -> Iterator[Piece]:
    item, tags = tagged
    arn = item["LoadBalancerArn"]
    facts = Facts(LoadBalancer)
    facts.pick(
        "elbv2:DescribeLoadBalancers",
        item,
        type="Type",
        scheme=lambda i: None if i["Type"] == GATEWAY else i["Scheme"],
        state="State.Code",
        dns_name=lambda i: None if i["Type"] == GATEWAY else i["DNSName"],
        created=lambda i: as_text(i["CreatedTime"]),
        vpc=lambda i: place.arn("vpc", i["VpcId"]),
        subnets=lambda i: place.arns("subnet", (z["SubnetId"] for z in i["AvailabilityZones"])),
        # Left out for network load balancers that were made without any, and for gateway ones.
        security_groups=lambda i: place.arns("security-group", i.get("SecurityGroups") or ()),
    )
    take_tags(facts, tags, HOW)
    ask = partial(partial, reader.get, "elbv2")
    facts.read(ask("DescribeLoadBalancerAttributes", LoadBalancerArn=arn), None, **_attributes(item["Type"]))
    _read_listeners(facts, reader, arn, item["Type"])
    _read_web_acl(facts, reader, arn, item["Type"])
    return facts.finish(id=arn, name=item["LoadBalancerName"], scope=place.account, region=place.region)


def _attributes(kind: str) -> dict[str, Callable[[Json], Json]]:
    """Return how each field is taken from the attributes; a kind that lacks one has None there."""
    is_application, has_logs = kind == APPLICATION, kind != GATEWAY
    return {
        "deletion_protection": lambda a: _of(a, "deletion_protection.enabled") == "true",
        "access_logs": lambda a: _of(a, "access_logs.s3.enabled") == "true" if has_logs else None,
        "access_logs_bucket": lambda a: _of(a, "access_logs.s3.bucket") or None if has_logs else None,
        "drops_invalid_headers": lambda a: (
            _of(a, "routing.http.drop_invalid_header_fields.enabled") == "true" if is_application else None
        ),
        "desync_mode": lambda a: _of(a, "routing.http.desync_mitigation_mode") if is_application else None,
    }


def _of(answer: Json, key: str) -> str:
    """Return the value of an attribute; one that is not named raises ``KeyError``: it was not read."""
    return {pair["Key"]: pair["Value"] for pair in answer["Attributes"]}[key]  # type: ignore[no-any-return]


def _read_listeners(facts: Facts[LoadBalancer], reader: AwsReader, arn: str, kind: str) -> None:
    pages = all_pages(reader)
    found: list[Json] = []

    def take(answer: list[Json]) -> list[Json]:
        found.extend(answer)
        return [_listener(item) for item in answer]

    facts.read(partial(pages, "elbv2", "DescribeListeners", "Listeners", LoadBalancerArn=arn), listeners=take)
    if kind != APPLICATION:
        facts.set(rules=())
    elif "listeners" in facts.unread:
        facts.unread["rules"] = facts.unread["listeners"]
    else:
        _read_rules(facts, pages, [item["ListenerArn"] for item in found])


def _read_rules(facts: Facts[LoadBalancer], pages: Callable[..., list[Json]], listeners: list[str]) -> None:
    rules: list[Json] = []
    try:
        for listener in listeners:
            answer = pages("elbv2", "DescribeRules", "Rules", ListenerArn=listener)
            rules += ({"ListenerArn": listener} | rule for rule in answer)
    except NotRead as problem:
        facts.lacks(problem, "rules")
        return
    facts.pick("elbv2:DescribeRules", rules, rules=lambda a: [_rule(rule) for rule in a if not rule["IsDefault"]])


def _read_web_acl(facts: Facts[LoadBalancer], reader: AwsReader, arn: str, kind: str) -> None:
    if kind != APPLICATION:
        facts.set(web_acl=None)
        return
    call = partial(reader.get, "wafv2", "GetWebACLForResource", ResourceArn=arn)
    facts.read(call, {"WAFNonexistentItemException": None}, web_acl="WebACL.ARN")


def _listener(item: Json) -> Json:
    return {
        "arn": item["ListenerArn"],
        "protocol": item.get("Protocol"),
        "port": item.get("Port"),
        "tls_policy": item.get("SslPolicy"),
        "certificates": [c["CertificateArn"] for c in item.get("Certificates") or ()],
        "default_actions": _actions(item["DefaultActions"]),
    }


def _rule(item: Json) -> Json:
    return {"listener": item["ListenerArn"], "priority": item["Priority"], "actions": _actions(item["Actions"])}


def _actions(items: list[Json]) -> list[Json]:
    return [_action(item) for item in sorted(items, key=lambda i: i.get("Order") or 0)]


def _action(item: Json) -> Json:
    redirect = item.get("RedirectConfig") or {}
    groups = (item.get("ForwardConfig") or {}).get("TargetGroups") or ()
    named = [item.get("TargetGroupArn"), *(group["TargetGroupArn"] for group in groups)]
    return {
        "type": item["Type"],
        "redirect_protocol": redirect.get("Protocol"),
        "redirect_port": redirect.get("Port"),
        "target_groups": list(dict.fromkeys(arn for arn in named if arn)),
    }
