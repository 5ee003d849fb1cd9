"""Reads applications, service principals, and the permissions of APIs that programs hold.

Who holds permissions of Microsoft Graph is a list of its own. Any other API is asked for one by one, Microsoft's own
(Exchange, SharePoint, Intune ...) and those of the tenant, if it offers a permission that programs can be given.

Secrets themselves are never in the answers of Graph, which tells of each its id, name and dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.entra.asking import MOST_PER_PAGE, ask_all, facts_at, finish, graph, ids_of
from poise.collect.azure.identities import trusted
from poise.collect.azure.reading.items import listed_each
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.entra_applications import AppRoleAssignment, EntraApplication, EntraServicePrincipal

PERMISSION = "Application.Read.All"
GRAPH_APP = "00000003-0000-0000-c000-000000000000"
"""Application id of Microsoft Graph, in every tenant."""
REFERENCES = (("$select", "id"), MOST_PER_PAGE)
APPLICATIONS = graph(
    "applications",
    "applications_List",
    "/v1.0/applications",
    PERMISSION,
    (
        "$select",
        "id,displayName,appId,signInAudience,passwordCredentials,keyCredentials,servicePrincipalLockConfiguration",
    ),
    MOST_PER_PAGE,
)
OWNERS = graph("applications", "applications_ListOwners", "/v1.0/applications/{id}/owners", PERMISSION, *REFERENCES)
FEDERATED = graph(
    "applications",
    "applications_ListFederatedIdentityCredentials",
    "/v1.0/applications/{id}/federatedIdentityCredentials",
    PERMISSION,
)
PRINCIPALS = graph(
    "applications",
    "servicePrincipals_List",
    "/v1.0/servicePrincipals",
    PERMISSION,
    (
        "$select",
        "id,displayName,appId,servicePrincipalType,accountEnabled,appOwnerOrganizationId,passwordCredentials,"
        "keyCredentials,appRoles",
    ),
    MOST_PER_PAGE,
)
PRINCIPAL_OWNERS = graph(
    "applications", "servicePrincipals_ListOwners", "/v1.0/servicePrincipals/{id}/owners", PERMISSION, *REFERENCES
)
GRANTED = graph(
    "applications",
    "servicePrincipals_ListAppRoleAssignedTo",
    f"/v1.0/servicePrincipals(appId='{GRAPH_APP}')/appRoleAssignedTo",
    PERMISSION,
    MOST_PER_PAGE,
)
ASSIGNED = graph(
    "applications",
    "servicePrincipals_ListAppRoleAssignedToOfApi",
    "/v1.0/servicePrincipals/{id}/appRoleAssignedTo",
    PERMISSION,
    MOST_PER_PAGE,
)
READS = (
    APPLICATIONS.feeds("EntraApplication"),
    OWNERS.feeds("EntraApplication.owners"),
    FEDERATED.feeds("EntraApplication.federated_credentials"),
    PRINCIPALS.feeds("EntraServicePrincipal"),
    PRINCIPAL_OWNERS.feeds("EntraServicePrincipal.owners"),
    ASSIGNED.feeds("EntraServicePrincipal.assigned_roles"),
    GRANTED.feeds("AppRoleAssignment"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield applications, service principals and grants, each kind followed by the state of its listing."""
    yield from listed_each(reader, EntraApplication, reader.pages(APPLICATIONS), partial(_application, reader))
    yield from listed_each(reader, EntraServicePrincipal, reader.pages(PRINCIPALS), partial(_principal, reader))
    yield from listed(AppRoleAssignment, reader.pages(GRANTED), partial(_grant, reader))


def _application(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[EntraApplication] = facts_at(
        EntraApplication,
        APPLICATIONS.call,
        item,
        app_id=lambda i: i["appId"].lower(),
        secrets=lambda i: _credentials(i["passwordCredentials"]),
        certificates=lambda i: _credentials(i["keyCredentials"]),
        sign_in_audience="signInAudience",
        instance_lock=_locked,
    )
    facts.read(ask_all(reader, OWNERS, item["id"]), owners=ids_of)
    facts.read(
        ask_all(reader, FEDERATED, item["id"]),
        federated_credentials=lambda a: [trusted(one["name"], one) for one in a["value"]],
    )
    return finish(facts, reader, item)


def _principal(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[EntraServicePrincipal] = facts_at(
        EntraServicePrincipal,
        PRINCIPALS.call,
        item,
        app_id=lambda i: i["appId"].lower(),
        principal_type="servicePrincipalType",
        enabled="accountEnabled",
        home_tenant="appOwnerOrganizationId",
        secrets=lambda i: _credentials(i["passwordCredentials"]),
        certificates=lambda i: _credentials(i["keyCredentials"]),
        published_roles=lambda i: [{"id": one["id"].lower(), "value": one.get("value")} for one in i["appRoles"]],
    )
    facts.read(ask_all(reader, PRINCIPAL_OWNERS, item["id"]), owners=ids_of)
    if facts.values.get("app_id") == GRAPH_APP:
        facts.set(assigned_roles=None)
    elif any("Application" in (one.get("allowedMemberTypes") or ()) for one in item.get("appRoles") or ()):
        facts.read(ask_all(reader, ASSIGNED, item["id"]), assigned_roles=_assigned)
    elif "appRoles" in item:
        facts.set(assigned_roles=[])
    return finish(facts, reader, item)


def _assigned(answer: Json) -> list[Json]:
    return [
        {
            "principal_id": one["principalId"].lower(),
            "principal_type": one.get("principalType"),
            "role_id": one["appRoleId"].lower(),
        }
        for one in answer["value"]
    ]


def _grant(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[AppRoleAssignment] = facts_at(
        AppRoleAssignment,
        GRANTED.call,
        item,
        principal_id=lambda i: i["principalId"].lower(),
        principal_type="principalType",
        resource_id=lambda i: i["resourceId"].lower(),
        role_id=lambda i: i["appRoleId"].lower(),
    )
    # Ids of grants tell upper from lower case: two may differ in that alone.
    named = str(item.get("principalDisplayName") or item["principalId"])
    return list(facts.finish(id=str(item["id"]), name=named, scope=reader.subscription, region="global"))


def _credentials(ones: Json) -> list[Json]:
    return [
        {
            "key": str(one["keyId"]).lower(),
            "name": one.get("displayName"),
            "starts": one.get("startDateTime"),
            "ends": one.get("endDateTime"),
        }
        for one in ones
    ]


def _locked(item: Json) -> list[str] | None:
    """Return the names of what is locked; nothing while the lock is off."""
    lock = item.get("servicePrincipalLockConfiguration")
    if lock is None:
        return None
    return (
        sorted(name for name, value in lock.items() if value is True and name != "isEnabled")
        if lock["isEnabled"]
        else []
    )
