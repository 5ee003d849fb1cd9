"""Security groups and their rules (Terraform AWS provider, "VPC" resources)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from poise.collect.terraform.draft import Draft
from poise.collect.terraform.resource import NotSimulated, Resource
from poise.collect.terraform.values import rows, words
from poise.model.aws.vpc_rules import PrefixList, SecurityGroup, SecurityRule

Json = Mapping[str, Any]
ALL = "-1"
NAMES = {"-1": ALL, "all": ALL, "6": "tcp", "17": "udp", "1": "icmp"}
"""Spellings of protocols -> the one of records."""
NEW = "arn:aws:ec2:planned:{scope}:security-group/"


def security_group(resource: Resource, draft: Draft) -> None:
    """A group with the rules that are written inside of it."""
    facts = {
        "ingress": lambda r: _rules(r, draft, "ingress"),
        "egress": lambda r: _rules(r, draft, "egress"),
        "description": lambda r: r.planned("description") or "",
    }
    draft.whole(SecurityGroup, resource, facts, NEW + resource.address)


def security_group_rule(resource: Resource, draft: Draft) -> None:
    """A rule beside its group, in the older form with many peers."""
    _part(resource, draft, "security_group_id", lambda row, own: _old(row, draft, own))


def single_rule(resource: Resource, draft: Draft) -> None:
    """A rule beside its group, in the newer form with one peer."""
    _part(resource, draft, "security_group_id", lambda row, own: _single(row, draft))


def _part(resource: Resource, draft: Draft, named: str, to_rule: Any) -> None:
    """Take the rule as it was away, and add it as it would be."""
    for row, is_after in ((resource.before, False), (resource.after, True)):
        if not row:
            continue
        if is_after:
            resource.require_known()
        group = draft.find(SecurityGroup, row.get(named))
        side = "egress" if row.get("type") == "egress" or "egress" in resource.type else "ingress"
        rule = to_rule(row, group.id)
        present = getattr(group, side)
        rules = (*present, rule) if is_after else _less(present, rule)
        draft.put(group, **{side: rules})


def _less(rules: Iterable[SecurityRule], gone: SecurityRule) -> tuple[SecurityRule, ...]:
    """Return the rules without the peers of one: a record joins all peers of a protocol and range of ports."""
    left = []
    for rule in rules:
        if (rule.protocol, rule.from_port, rule.to_port) == (gone.protocol, gone.from_port, gone.to_port):
            rule = _without_peers(rule, gone)
        if rule.cidrs_v4 or rule.cidrs_v6 or rule.prefix_lists or rule.groups:
            left.append(rule)
    return tuple(left)


def _without_peers(rule: SecurityRule, gone: SecurityRule) -> SecurityRule:
    peers: dict[str, Any] = {
        name: tuple(one for one in getattr(rule, name) if one not in getattr(gone, name))
        for name in ("cidrs_v4", "cidrs_v6", "prefix_lists", "groups")
    }
    return msgspec.structs.replace(rule, **peers)


def _rules(resource: Resource, draft: Draft, side: str) -> tuple[SecurityRule, ...]:
    own = NEW.format(scope=draft.scope_of("aws")) + resource.address if resource.comes else resource.before.get("id")
    return tuple(_old(row, draft, str(own)) for row in rows(resource.planned(side)))


def _old(row: Json, draft: Draft, own: str) -> SecurityRule:
    groups = [*words(row.get("security_groups")), *filter(None, [row.get("source_security_group_id")])]
    found = [draft.find(SecurityGroup, one).id for one in groups] + [own] * bool(row.get("self"))
    return SecurityRule(
        **_ports(row.get("protocol"), row),
        cidrs_v4=words(row.get("cidr_blocks")),
        cidrs_v6=words(row.get("ipv6_cidr_blocks")),
        prefix_lists=tuple(draft.find(PrefixList, one).id for one in words(row.get("prefix_list_ids"))),
        groups=tuple(found),
        descriptions=tuple(filter(None, [row.get("description")])),
    )


def _single(row: Json, draft: Draft) -> SecurityRule:
    group, prefixes = row.get("referenced_security_group_id"), row.get("prefix_list_id")
    return SecurityRule(
        **_ports(row.get("ip_protocol"), row),
        cidrs_v4=tuple(filter(None, [row.get("cidr_ipv4")])),
        cidrs_v6=tuple(filter(None, [row.get("cidr_ipv6")])),
        prefix_lists=(draft.find(PrefixList, prefixes).id,) if prefixes else (),
        groups=(draft.find(SecurityGroup, str(group).rpartition("/")[2]).id,) if group else (),
        descriptions=tuple(filter(None, [row.get("description")])),
    )


def _ports(protocol: Any, row: Json) -> dict[str, Any]:
    if protocol is None:
        raise NotSimulated("its protocol is not told")
    name = NAMES.get(str(protocol).lower(), str(protocol).lower())
    ports = (None, None) if name == ALL else (row.get("from_port"), row.get("to_port"))
    return {"protocol": name, "from_port": ports[0], "to_port": ports[1]}


HANDLERS = {
    "aws_security_group": security_group,
    "aws_default_security_group": security_group,
    "aws_security_group_rule": security_group_rule,
    "aws_vpc_security_group_ingress_rule": single_rule,
    "aws_vpc_security_group_egress_rule": single_rule,
}
