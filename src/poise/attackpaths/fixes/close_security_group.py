"""Take the internet out of the security group that lets packets in."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.ports import overlap, split
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.aws.vpc_rules import SecurityGroup, SecurityRule
from poise.model.check import Fix as Texts

NARROW_V4, NARROW_V6 = 8, 32
"""Prefixes shorter than these count as the internet: of an estate nobody owns so much."""


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the security groups that are named by what proves the route, without their wide ranges on its ports."""
    ports = split("" if step.detail == "all ports" else step.detail)
    for group in ground.of(step, SecurityGroup):
        if isinstance(group, SecurityGroup) and "ingress" not in group.unread:
            rules = tuple(rule for rule in (_narrowed(one, ports) for one in group.ingress) if rule is not None)
            if rules != group.ingress:
                yield Change(group, replace(group, ingress=rules), f"{group.name} lets nobody in from anywhere")


def _narrowed(rule: SecurityRule, ports: tuple[str, ...]) -> SecurityRule | None:
    """Return a rule without wide ranges; None if no peer is left. Two halves of the internet count as wide too."""
    if not overlap((_span(rule),), ports):
        return rule
    v4 = tuple(cidr for cidr in rule.cidrs_v4 if int(cidr.rpartition("/")[2] or 32) >= NARROW_V4)
    v6 = tuple(cidr for cidr in rule.cidrs_v6 if int(cidr.rpartition("/")[2] or 128) >= NARROW_V6)
    if not (v4 or v6 or rule.prefix_lists or rule.groups):
        return None
    return msgspec.structs.replace(rule, cidrs_v4=v4, cidrs_v6=v6)


def _span(rule: SecurityRule) -> str:
    if rule.from_port is None or rule.protocol == "-1":
        return "any"
    return f"{rule.protocol}/{rule.from_port}-{rule.to_port}"


FIX = Fix(
    title="Close the security group to the internet",
    rules=frozenset({"exposed_to_packets", "exposed_login", "exposed_database"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="EC2 > Security groups > {name} > Inbound rules > Edit: replace 0.0.0.0/0 and ::/0 by your own ranges.",
        cli="aws ec2 revoke-security-group-ingress --region {region} --group-id {name} --security-group-rule-ids RULE",
        terraform='resource "aws_vpc_security_group_ingress_rule" "open" {\n  cidr_ipv4 = "198.51.100.0/24"\n}\n',
        impact="Nobody outside of the ranges that are left can connect any more.",
    ),
)
