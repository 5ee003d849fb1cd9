"""Reads directory roles, who holds them, and who may activate them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TypeVar

from poise.collect.azure.entra.asking import facts_at, graph
from poise.collect.azure.reading.items import licensed
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Asset, Json
from poise.model.azure.entra_roles import DirectoryRoleAssignment, DirectoryRoleDefinition, DirectoryRoleEligibility

A = TypeVar("A", bound=Asset)
PERMISSION = "RoleManagement.Read.Directory"
HOME = "/v1.0/roleManagement/directory"
DEFINITIONS = graph("directory_roles", "roleDefinitions_List", f"{HOME}/roleDefinitions", PERMISSION)
ASSIGNMENTS = graph("directory_roles", "roleAssignments_List", f"{HOME}/roleAssignments", PERMISSION)
ELIGIBLE = graph(
    "directory_roles", "roleEligibilityScheduleInstances_List", f"{HOME}/roleEligibilityScheduleInstances", PERMISSION
)
READS = (
    DEFINITIONS.feeds("DirectoryRoleDefinition"),
    ASSIGNMENTS.feeds("DirectoryRoleAssignment"),
    ELIGIBLE.feeds("DirectoryRoleEligibility"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield roles, assignments and eligible ones, each kind followed by the state of its listing."""
    yield from listed(DirectoryRoleDefinition, reader.pages(DEFINITIONS), partial(_definition, reader))
    yield from listed(DirectoryRoleAssignment, reader.pages(ASSIGNMENTS), partial(_assignment, reader))
    yield from listed(DirectoryRoleEligibility, licensed(reader, ELIGIBLE), partial(_eligibility, reader))


def _definition(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[DirectoryRoleDefinition] = facts_at(
        DirectoryRoleDefinition,
        DEFINITIONS.call,
        item,
        document=lambda i: {**i, "rolePermissions": i["rolePermissions"]},
    )
    return _finish(facts, reader, item, str(item.get("displayName") or item["id"]))


def _assignment(reader: AzureReader, item: Json) -> list[Piece]:
    facts = facts_at(DirectoryRoleAssignment, ASSIGNMENTS.call, item, **PLACE)
    return _finish(facts, reader, item, str(item["id"]))


def _eligibility(reader: AzureReader, item: Json) -> list[Piece]:
    facts = facts_at(DirectoryRoleEligibility, ELIGIBLE.call, item, **PLACE, ends="endDateTime")
    return _finish(facts, reader, item, str(item["id"]))


PLACE = {
    "role_definition": lambda i: i["roleDefinitionId"].lower(),
    "principal_id": lambda i: i["principalId"].lower(),
    "assigned_at": lambda i: i["directoryScopeId"].lower(),
}


def _finish(facts: Facts[A], reader: AzureReader, item: Json, name: str) -> list[Piece]:
    """Return the piece: ids are told apart by case, and built-in roles have the same one in every tenant."""
    tenant = reader.subscription
    id = f"/tenants/{tenant}/{facts.kind.KIND.rpartition('/')[2]}/{item['id']}"
    return list(facts.finish(id=id, name=name, scope=tenant, region="global"))
