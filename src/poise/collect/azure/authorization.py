"""Reads role assignments and role definitions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import facts_of, finish, id_at
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.authorization import RoleAssignment, RoleDefinition
from poise.model.azure.ids import arm_id

ASSIGNMENTS = Operation(
    service="authorization",
    name="RoleAssignments_ListForSubscription",
    path="/providers/Microsoft.Authorization/roleAssignments",
    version="2022-04-01",
    permission="Microsoft.Authorization/roleAssignments/read",
)
DEFINITIONS = Operation(
    service="authorization",
    name="RoleDefinitions_List",
    path="/providers/Microsoft.Authorization/roleDefinitions",
    version="2022-04-01",
    permission="Microsoft.Authorization/roleDefinitions/read",
)
READS = (ASSIGNMENTS.feeds("RoleAssignment"), DEFINITIONS.feeds("RoleDefinition"))


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield assignments and definitions, each kind followed by the state of its listing."""
    yield from listed(RoleAssignment, reader.pages(ASSIGNMENTS), partial(_assignment, reader))
    yield from listed(RoleDefinition, reader.pages(DEFINITIONS), partial(_definition, reader))


def _assignment(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[RoleAssignment] = facts_of(
        RoleAssignment,
        ASSIGNMENTS.call,
        item,
        role_definition=id_at("roleDefinitionId"),
        principal_id="properties.principalId",
        principal_type="properties.principalType",
        assigned_at=id_at("scope"),
        condition="properties.condition",
        created="properties.createdOn",
        created_by=lambda i: i["properties"].get("createdBy") or None,
    )
    return finish(facts, reader, item)


def _definition(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[RoleDefinition] = facts_of(
        RoleDefinition,
        DEFINITIONS.call,
        item,
        guid="name",
        role_type="properties.type",
        description="properties.description",
        assignable_scopes=lambda i: [arm_id(s) for s in i["properties"]["assignableScopes"]],
        permissions=lambda i: [_permission(p) for p in i["properties"]["permissions"]],
    )
    named = (item.get("properties") or {}).get("roleName")
    return finish(facts, reader, item, name=str(named or item["name"]))


def _permission(entry: Json) -> Json:
    return {
        "actions": entry.get("actions") or (),
        "not_actions": entry.get("notActions") or (),
        "data_actions": entry.get("dataActions") or (),
        "not_data_actions": entry.get("notDataActions") or (),
        "condition": entry.get("condition"),
    }
