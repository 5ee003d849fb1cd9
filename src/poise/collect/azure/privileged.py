"""Reads Privileged Identity Management of Azure roles, and classic administrators."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.authorization import seen_from
from poise.collect.azure.reading.items import facts_of, finish, id_at, licensed
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.privileged import ClassicAdministratorRecord, RoleActivation, RoleEligibility

ELIGIBLE = Operation(
    service="privileged",
    name="RoleEligibilityScheduleInstances_ListForScope",
    path="/providers/Microsoft.Authorization/roleEligibilityScheduleInstances",
    version="2020-10-01",
    permission="Microsoft.Authorization/roleEligibilityScheduleInstances/read",
)
ACTIVE = Operation(
    service="privileged",
    name="RoleAssignmentScheduleInstances_ListForScope",
    path="/providers/Microsoft.Authorization/roleAssignmentScheduleInstances",
    version="2020-10-01",
    permission="Microsoft.Authorization/roleAssignmentScheduleInstances/read",
)
CLASSIC = Operation(
    service="privileged",
    name="ClassicAdministrators_List",
    path="/providers/Microsoft.Authorization/classicAdministrators",
    version="2015-07-01",
    permission="Microsoft.Authorization/classicAdministrators/read",
)
READS = (
    ELIGIBLE.feeds("RoleEligibility"),
    ACTIVE.feeds("RoleActivation"),
    CLASSIC.feeds("ClassicAdministratorRecord"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield eligible roles, active ones with their ends, and classic administrators, each with its listing."""
    yield from listed(RoleEligibility, licensed(reader, ELIGIBLE), partial(_eligible, reader))
    yield from listed(RoleActivation, licensed(reader, ACTIVE), partial(_active, reader))
    yield from listed(ClassicAdministratorRecord, reader.pages(CLASSIC), partial(_classic, reader))


def _eligible(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[RoleEligibility] = facts_of(
        RoleEligibility,
        ELIGIBLE.call,
        item,
        role_definition=id_at("roleDefinitionId"),
        principal_id="properties.principalId",
        principal_type="properties.principalType",
        assigned_at=id_at("scope"),
        condition="properties.condition",
        starts="properties.startDateTime",
        ends="properties.endDateTime",
        member_type="properties.memberType",
    )
    return finish(facts, reader, seen_from(reader, item))


def _active(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[RoleActivation] = facts_of(
        RoleActivation,
        ACTIVE.call,
        item,
        assignment=id_at("originRoleAssignmentId"),
        assignment_type="properties.assignmentType",
        role_definition=id_at("roleDefinitionId"),
        principal_id="properties.principalId",
        assigned_at=id_at("scope"),
        ends="properties.endDateTime",
    )
    return finish(facts, reader, seen_from(reader, item))


def _classic(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[ClassicAdministratorRecord] = facts_of(
        ClassicAdministratorRecord,
        CLASSIC.call,
        item,
        email="properties.emailAddress",
        roles=lambda i: [role.strip() for role in i["properties"]["role"].split(";") if role.strip()],
    )
    named = (item.get("properties") or {}).get("emailAddress")
    return finish(facts, reader, item, name=str(named or item["name"]))
