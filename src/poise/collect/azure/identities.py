"""Reads user-assigned managed identities with the issuers that they trust."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import facts_of, finish, listed_each
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AskAll, AzureReader
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.azure.identities import UserAssignedIdentity
from poise.model.azure.ids import arm_id

IDENTITIES = Operation(
    service="identities",
    name="UserAssignedIdentities_ListBySubscription",
    path="/providers/Microsoft.ManagedIdentity/userAssignedIdentities",
    version="2023-01-31",
    permission="Microsoft.ManagedIdentity/userAssignedIdentities/read",
)
CREDENTIALS = Operation(
    service="identities",
    name="FederatedIdentityCredentials_List",
    path="/federatedIdentityCredentials",
    version="2023-01-31",
    permission="Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
)
READS = (
    IDENTITIES.feeds("UserAssignedIdentity"),
    CREDENTIALS.feeds("UserAssignedIdentity.federated_credentials"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield the identities, then the state of their listing."""
    yield from listed_each(reader, UserAssignedIdentity, reader.pages(IDENTITIES), partial(_identity, reader))


def _identity(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[UserAssignedIdentity] = facts_of(
        UserAssignedIdentity,
        IDENTITIES.call,
        item,
        principal_id=lambda i: i["properties"]["principalId"].lower(),
        client_id=lambda i: i["properties"]["clientId"].lower(),
    )
    facts.read(
        AskAll(reader, CREDENTIALS, arm_id(item["id"])),
        federated_credentials=lambda a: [trusted(one["name"], one["properties"]) for one in a["value"]],
    )
    return finish(facts, reader, item)


def trusted(name: str, said: Json) -> Json:
    """Return a federated credential, as Resource Manager and Graph say it alike."""
    return {
        "name": name,
        "issuer": said["issuer"],
        "subject": said.get("subject") or "",
        "audiences": said["audiences"],
    }
