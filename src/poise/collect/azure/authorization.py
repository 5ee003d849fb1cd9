"""Reads role assignments, role definitions, deny assignments and locks.

A subscription's list names what was assigned above it too: such an assignment keeps the id that it has as seen from
the subscription, so that two subscriptions below one management group do not share an asset.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import facts_of, finish, id_at
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.authorization import RoleAssignment, RoleDefinition
from poise.model.azure.deny import DenyAssignmentRecord
from poise.model.azure.ids import arm_id
from poise.model.azure.locks import ManagementLock

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
DENIES = Operation(
    service="authorization",
    name="DenyAssignments_List",
    path="/providers/Microsoft.Authorization/denyAssignments",
    version="2022-04-01",
    permission="Microsoft.Authorization/denyAssignments/read",
)
LOCKS = Operation(
    service="authorization",
    name="ManagementLocks_ListAtSubscriptionLevel",
    path="/providers/Microsoft.Authorization/locks",
    version="2020-05-01",
    permission="Microsoft.Authorization/locks/read",
)
READS = (
    ASSIGNMENTS.feeds("RoleAssignment"),
    DEFINITIONS.feeds("RoleDefinition"),
    DENIES.feeds("DenyAssignmentRecord"),
    LOCKS.feeds("ManagementLock"),
)
OF_LOCKS = "/providers/microsoft.authorization/locks/"


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield assignments, definitions and what limits them, each kind followed by the state of its listing."""
    yield from listed(RoleAssignment, reader.pages(ASSIGNMENTS), partial(_assignment, reader))
    yield from listed(RoleDefinition, reader.pages(DEFINITIONS), partial(_definition, reader))
    yield from listed(DenyAssignmentRecord, reader.pages(DENIES), partial(_deny, reader))
    yield from listed(ManagementLock, reader.pages(LOCKS), partial(_lock, reader))


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
    return finish(facts, reader, seen_from(reader, item))


def seen_from(reader: AzureReader, item: Json) -> Json:
    """Return an item with its id as seen from the subscription, if it lies above: same provider and name."""
    id, home = arm_id(item["id"]), f"/subscriptions/{reader.subscription}"
    if id == home or id.startswith(f"{home}/"):
        return item
    return {**item, "id": f"{home}/providers/{id.rpartition('/providers/')[2]}"}


def _deny(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[DenyAssignmentRecord] = facts_of(
        DenyAssignmentRecord, DENIES.call, item, document=lambda i: {"id": i["id"], "properties": i["properties"]}
    )
    named = (item.get("properties") or {}).get("denyAssignmentName")
    return finish(facts, reader, seen_from(reader, item), name=str(named or item["name"]))


def _lock(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[ManagementLock] = facts_of(
        ManagementLock,
        LOCKS.call,
        item,
        level="properties.level",
        locked=lambda i: arm_id(arm_id(i["id"]).rpartition(OF_LOCKS)[0] or "/"),
        notes=lambda i: i["properties"].get("notes") or None,
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
