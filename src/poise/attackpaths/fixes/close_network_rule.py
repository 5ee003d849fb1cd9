"""Take the internet out of the network security group rules that let packets in."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.azure.security_group import NetworkSecurityGroup, SecurityRule
from poise.model.check import Fix as Texts

ANYWHERE = frozenset({"*", "internet", "any", "0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1"})


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the groups without the rules that let the internet in."""
    for group in ground.of(step, NetworkSecurityGroup):
        if isinstance(group, NetworkSecurityGroup) and "rules" not in group.unread:
            rules = tuple(rule for rule in group.rules if not _lets_in(rule))
            if rules != group.rules:
                yield Change(group, replace(group, rules=rules), f"{group.name} lets nobody in from the internet")


def _lets_in(rule: SecurityRule) -> bool:
    inbound = rule.direction.lower() == "inbound" and rule.access.lower() == "allow"
    return inbound and any(prefix.lower() in ANYWHERE for prefix in rule.source_prefixes)


FIX = Fix(
    title="Remove the network security rule",
    rules=frozenset({"exposed_to_packets", "exposed_login", "exposed_database"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="Network security groups > {name} > Inbound security rules: delete the rule, or narrow its source.",
        cli="az network nsg rule delete --nsg-name {name} --resource-group GROUP --name RULE",
        terraform="# remove the azurerm_network_security_rule, or narrow its source_address_prefixes\n",
        impact="Nobody outside of the ranges that are left can connect any more.",
    ),
)
