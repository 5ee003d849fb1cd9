"""Reads Privileged Identity Management of Azure roles, and classic administrators.

What activating a role asks for is kept for roles that somebody may activate, each on the scope where they may: Azure
has a policy for every role on every scope. Source: Azure REST API reference, "Role Management Policy Assignments -
List For Scope", 2020-10-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.authorization import seen_from
from poise.collect.azure.reading.items import facts_of, finish, id_at, licensed
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Found, Piece, listed
from poise.model.asset import Json
from poise.model.azure.privileged import (
    ClassicAdministratorRecord,
    RoleActivation,
    RoleEligibility,
    RoleManagementPolicy,
)
from poise.model.errors import NotRead
from poise.model.listing import Listing, ListingState

ELIGIBLE = Operation(
    service="privileged",
    name="RoleEligibilityScheduleInstances_ListForScope",
    path="/providers/Microsoft.Authorization/roleEligibilityScheduleInstances",
    version="2020-10-01",
    permission="Microsoft.Authorization/roleEligibilityScheduleInstances/read",
)
ASKED = Operation(
    service="privileged",
    name="RoleManagementPolicyAssignments_ListForScope",
    path="/providers/Microsoft.Authorization/roleManagementPolicyAssignments",
    version="2020-10-01",
    permission="Microsoft.Authorization/roleManagementPolicyAssignments/read",
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
    ELIGIBLE.feeds("RoleEligibility", "RoleManagementPolicy"),
    ASKED.feeds("RoleManagementPolicy"),
    ACTIVE.feeds("RoleActivation"),
    CLASSIC.feeds("ClassicAdministratorRecord"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield eligible roles with what activating them asks for, active ones with their ends, classic administrators."""
    found = list(listed(RoleEligibility, licensed(reader, ELIGIBLE), partial(_eligible, reader)))
    yield from found
    yield from _asked(reader, found)
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


def _asked(reader: AzureReader, found: list[Piece]) -> Iterator[Piece]:
    """Yield what activating each role asks for. Where not every eligible role is known, nor is it known which count."""
    held: dict[str, set[str]] = {}
    for one in (piece.asset for piece in found if isinstance(piece, Found)):
        if not {"assigned_at", "role_definition"} & one.unread.keys():
            held.setdefault(one.assigned_at, set()).add(_guid(one.role_definition))
    yield from listed(RoleManagementPolicy, _policies(reader, held, found), partial(_policy, reader))


def _policies(reader: AzureReader, held: dict[str, set[str]], found: list[Piece]) -> Iterator[Json]:
    """Yield the policies of roles that may be activated, scope by scope; a scope that is refused hides no other."""
    missed = next((_lack(one) for one in found if isinstance(one, Listing) and _lack(one)), None)
    for scope, roles in sorted(held.items()):
        try:
            for item in reader.pages(ASKED, "" if scope == f"/subscriptions/{reader.subscription}" else scope):
                if _guid(str((item.get("properties") or {}).get("roleDefinitionId"))) in roles:
                    yield item
        except NotRead as problem:
            missed = problem
    if missed:
        raise missed


def _lack(listing: Listing) -> NotRead | None:
    """Return why eligible roles may be missing from a listing; None if none are: without a licence there are none."""
    if listing.state in (ListingState.COMPLETE, ListingState.NOT_OFFERED):
        return None
    code = "AuthorizationFailed" if listing.state is ListingState.DENIED else listing.state.value
    return NotRead(ELIGIBLE.call, code, listing.reason)


def _guid(role: str) -> str:
    return role.rpartition("/")[2].lower()


def _policy(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[RoleManagementPolicy] = facts_of(
        RoleManagementPolicy,
        ASKED.call,
        item,
        role_definition=id_at("roleDefinitionId"),
        assigned_at=id_at("scope"),
        approval_required=lambda i: _rule(i, "Approval_EndUser_Assignment")["setting"]["isApprovalRequired"],
        enabled_rules=lambda i: _rule(i, "Enablement_EndUser_Assignment")["enabledRules"],
    )
    return finish(facts, reader, seen_from(reader, item))


def _rule(item: Json, id: str) -> Json:
    """Return the rule of a policy that holds for who activates a role; KeyError if it was not told."""
    for rule in item["properties"]["effectiveRules"]:
        if rule["id"] == id:
            return rule
    raise KeyError(id)


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
