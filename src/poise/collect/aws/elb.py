"""Reads Elastic Load Balancing in one region: application, network and gateway load balancers, and classic ones."""

from __future__ import annotations

from collections.abc import Iterator

from poise.collect.aws.balancers.classic import classic_balancers
from poise.collect.aws.balancers.current import balancers
from poise.collect.aws.balancers.targets import target_groups
from poise.collect.aws.reading.reader import AwsReader
from poise.collect.facts import Piece
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("elbv2:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", ("LoadBalancer",)),
    Read("elbv2:DescribeTags", "elasticloadbalancing:DescribeTags", ("LoadBalancer.tags", "TargetGroup.tags")),
    Read("elbv2:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups", ("TargetGroup",)),
    Read(
        "elbv2:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        ("TargetGroup.keeps_client_address",),
    ),
    Read("elbv2:DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth", ("TargetGroup.targets",)),
    Read("elbv2:DescribeListeners", "elasticloadbalancing:DescribeListeners", ("LoadBalancer.listeners",)),
    Read("elbv2:DescribeRules", "elasticloadbalancing:DescribeRules", ("LoadBalancer.rules",)),
    Read(
        "elbv2:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        (
            "LoadBalancer.deletion_protection",
            "LoadBalancer.access_logs",
            "LoadBalancer.access_logs_bucket",
            "LoadBalancer.drops_invalid_headers",
            "LoadBalancer.desync_mode",
        ),
    ),
    # The call asks for the web ACL and the load balancer with the caller's own rights (AWS WAF API reference).
    Read("wafv2:GetWebACLForResource", "wafv2:GetWebACLForResource", ("LoadBalancer.web_acl",)),
    Read("wafv2:GetWebACLForResource", "wafv2:GetWebACL", ("LoadBalancer.web_acl",)),
    Read("wafv2:GetWebACLForResource", "elasticloadbalancing:GetLoadBalancerWebACL", ("LoadBalancer.web_acl",)),
    Read("elb:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", ("ClassicLoadBalancer",)),
    Read("elb:DescribeTags", "elasticloadbalancing:DescribeTags", ("ClassicLoadBalancer.tags",)),
    Read(
        "elb:DescribeLoadBalancerPolicies",
        "elasticloadbalancing:DescribeLoadBalancerPolicies",
        ("ClassicLoadBalancer.policies",),
    ),
    Read(
        "elb:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        (
            "ClassicLoadBalancer.access_logs",
            "ClassicLoadBalancer.access_logs_bucket",
            "ClassicLoadBalancer.connection_draining",
            "ClassicLoadBalancer.cross_zone",
            "ClassicLoadBalancer.desync_mode",
        ),
    ),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the load balancers of the reader's region, of both generations, and their target groups."""
    yield from balancers(reader)
    yield from target_groups(reader)
    yield from classic_balancers(reader)
