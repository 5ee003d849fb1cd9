"""Network security groups, their rules, and role assignments (Terraform azurerm provider)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poise.collect.terraform.draft import Draft
from poise.collect.terraform.resource import NotSimulated, Resource
from poise.collect.terraform.values import rows, words
from poise.model.asset import build
from poise.model.azure.authorization import RoleAssignment, RoleDefinition
from poise.model.azure.security_group import NetworkSecurityGroup, SecurityRule

Json = Mapping[str, Any]


def security_group(resource: Resource, draft: Draft) -> None:
    """A group with the rules that are written inside of it."""
    if resource.comes:
        raise NotSimulated("a new group guards nothing until it is bound")
    group = draft.find(NetworkSecurityGroup, resource.before.get("id"))
    if resource.goes:
        draft.changed[group.id] = None
    elif resource.is_other("security_rule"):
        draft.put(group, rules=tuple(map(_rule, rows(resource.planned("security_rule")))))


def rule(resource: Resource, draft: Draft) -> None:
    """A rule beside its group."""
    for row, is_after in ((resource.before, False), (resource.after, True)):
        if row:
            name = row.get("network_security_group_name")
            resource_group = str(row.get("resource_group_name")).lower()
            group = _in_group(draft, str(name).lower(), resource_group)
            if is_after:
                resource.require_known()
            others = tuple(one for one in group.rules if one.name != row.get("name"))
            draft.put(group, rules=(*others, _rule(row)) if is_after else others)


def _in_group(draft: Draft, name: str, resource_group: str) -> NetworkSecurityGroup:
    part = f"/resourcegroups/{resource_group}/"
    found = [g for g in draft.of(NetworkSecurityGroup) if part in g.id.lower() and g.id.lower().endswith(f"/{name}")]
    if len(found) != 1:
        raise NotSimulated(f"the network security group {name!r} is not stored")
    return found[0]


def _rule(row: Json) -> SecurityRule:
    return SecurityRule(
        name=str(row.get("name")),
        priority=_number(row.get("priority")),
        direction=str(row.get("direction")),
        access=str(row.get("access")),
        protocol=str(row.get("protocol")),
        source_prefixes=_either(row, "source_address_prefix", "source_address_prefixes"),
        source_groups=words(row.get("source_application_security_group_ids")),
        source_ports=_either(row, "source_port_range", "source_port_ranges"),
        destination_prefixes=_either(row, "destination_address_prefix", "destination_address_prefixes"),
        destination_groups=words(row.get("destination_application_security_group_ids")),
        destination_ports=_either(row, "destination_port_range", "destination_port_ranges"),
    )


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise NotSimulated("its priority is no number")
    return value


def _either(row: Json, single: str, many: str) -> tuple[str, ...]:
    return tuple(filter(None, [row.get(single), *words(row.get(many))]))


def role_assignment(resource: Resource, draft: Draft) -> None:
    """A role given to somebody; assignments are made and removed, never changed."""
    if resource.before and resource.goes:
        draft.changed[draft.find(RoleAssignment, resource.before.get("id")).id] = None
    if not resource.comes:
        return
    scope, principal = resource.planned("scope"), resource.planned("principal_id")
    role = draft.find(RoleDefinition, _role(resource))
    id = f"{scope}/providers/microsoft.authorization/roleassignments/{resource.address}".lower()
    identity = {"id": id, "name": resource.address, "scope": role.scope, "region": "global"}
    facts = {
        "role_definition": role.id,
        "principal_id": principal,
        "principal_type": resource.after.get("principal_type"),
        "assigned_at": str(scope).lower(),
        "condition": resource.planned("condition") or None,
        "created": None,
        "created_by": None,
        "tags": {},
    }
    draft.changed[id] = build(RoleAssignment, identity, facts, {})


def _role(resource: Resource) -> str:
    name = resource.after.get("role_definition_name")
    return str(name or str(resource.planned("role_definition_id")).rpartition("/")[2])


HANDLERS = {
    "azurerm_network_security_group": security_group,
    "azurerm_network_security_rule": rule,
    "azurerm_role_assignment": role_assignment,
}
