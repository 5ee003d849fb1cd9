"""Reads users and groups, with those who may make themselves members or owners (Privileged Identity Management).

Members are asked for at the beta end point: that of v1.0 leaves service principals out (Microsoft Graph, "List group
members", known issue). Only direct members are read; groups in groups are followed when a question is asked.
Eligibility can be listed for one group or one principal at a time only (Microsoft Graph, "List eligibilitySchedules").
Groups that a rule fills or that come from on premises cannot be managed there (Microsoft Learn, "Privileged Identity
Management (PIM) for Groups"), so these are not asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.entra.asking import MOST_PER_PAGE, ask_all, facts_at, finish, graph, ids_of
from poise.collect.azure.reading.answers import UNLICENSED
from poise.collect.azure.reading.items import listed_each
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.entra import EntraGroup, EntraUser

USERS = graph(
    "people",
    "users_List",
    "/v1.0/users",
    "User.Read.All",
    ("$select", "id,displayName,userPrincipalName,accountEnabled,userType,mail"),
    MOST_PER_PAGE,
)
GROUPS = graph(
    "people",
    "groups_List",
    "/v1.0/groups",
    "GroupMember.Read.All",
    (
        "$select",
        "id,displayName,securityEnabled,isAssignableToRole,groupTypes,membershipRule,onPremisesSyncEnabled",
    ),
    MOST_PER_PAGE,
)
MEMBERS = graph(
    "people",
    "groups_ListMembers",
    "/beta/groups/{id}/members",
    "GroupMember.Read.All",
    ("$select", "id"),
    MOST_PER_PAGE,
)
OWNERS = graph(
    "people", "groups_ListOwners", "/v1.0/groups/{id}/owners", "GroupMember.Read.All", ("$select", "id"), MOST_PER_PAGE
)
ELIGIBLE = graph(
    "people",
    "privilegedAccessGroup_ListEligibilitySchedules",
    "/v1.0/identityGovernance/privilegedAccess/group/eligibilitySchedules",
    "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    ("$filter", "groupId eq '{id}'"),
)
READS = (
    USERS.feeds("EntraUser"),
    GROUPS.feeds("EntraGroup"),
    MEMBERS.feeds("EntraGroup.members"),
    OWNERS.feeds("EntraGroup.owners"),
    ELIGIBLE.feeds("EntraGroup.eligible"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield users and groups, each kind followed by the state of its listing."""
    yield from listed(EntraUser, reader.pages(USERS), partial(_user, reader))
    yield from listed_each(reader, EntraGroup, reader.pages(GROUPS), partial(_group, reader))


def _user(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[EntraUser] = facts_at(
        EntraUser,
        USERS.call,
        item,
        user_principal_name="userPrincipalName",
        enabled="accountEnabled",
        user_type="userType",
        mail="mail",
    )
    return finish(facts, reader, item)


def _group(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[EntraGroup] = facts_at(
        EntraGroup,
        GROUPS.call,
        item,
        security_enabled="securityEnabled",
        role_assignable="isAssignableToRole",
        group_types=lambda i: i["groupTypes"] or (),
        membership_rule="membershipRule",
        synchronized="onPremisesSyncEnabled",
    )
    facts.read(ask_all(reader, MEMBERS, item["id"]), members=ids_of)
    facts.read(ask_all(reader, OWNERS, item["id"]), owners=ids_of)
    if item.get("onPremisesSyncEnabled") or "DynamicMembership" in (item.get("groupTypes") or ()):
        facts.set(eligible=[])
    else:
        asked = ask_all(reader, ELIGIBLE, item["id"])
        facts.read(asked, {UNLICENSED: []}, eligible=partial(_eligible, item["id"].lower()))
    return finish(facts, reader, item)


def _eligible(group: str, answer: Json) -> list[Json]:
    """Return who is eligible for one group; an export holds the answers about all of them in one file."""
    return [
        {
            "principal_id": one["principalId"].lower(),
            "access": one["accessId"].lower(),
            "starts": (one.get("scheduleInfo") or {}).get("startDateTime"),
            "ends": ((one.get("scheduleInfo") or {}).get("expiration") or {}).get("endDateTime"),
        }
        for one in answer["value"]
        if one["groupId"].lower() == group and one.get("status") in (None, "Provisioned")
    ]
