"""Reads the tenant itself and its administrative units."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.entra.asking import ask_all, facts_at, finish, graph, ids_of
from poise.collect.azure.reading.items import listed_each
from poise.collect.azure.reading.reader import AskAll, AzureReader
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.azure.entra import AdministrativeUnit, EntraTenant
from poise.model.errors import NotRead
from poise.model.listing import Listing, ListingState

ORGANIZATION = graph("tenant", "organization_List", "/v1.0/organization", "Organization.Read.All")
UNITS = graph(
    "tenant", "administrativeUnits_List", "/v1.0/directory/administrativeUnits", "AdministrativeUnit.Read.All"
)
UNIT_MEMBERS = graph(
    "tenant",
    "administrativeUnits_ListMembers",
    "/v1.0/directory/administrativeUnits/{id}/members",
    "AdministrativeUnit.Read.All",
    ("$select", "id"),
)
READS = (
    ORGANIZATION.feeds("EntraTenant"),
    UNITS.feeds("AdministrativeUnit"),
    UNIT_MEMBERS.feeds("AdministrativeUnit.members"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield the tenant, which is there even if nothing about it could be read, and its administrative units."""
    yield from _tenant(reader)
    yield Listing(EntraTenant.KIND, ListingState.COMPLETE)
    yield from listed_each(reader, AdministrativeUnit, reader.pages(UNITS), partial(_unit, reader))


def _tenant(reader: AzureReader) -> Iterator[Piece]:
    facts = Facts(EntraTenant)
    facts.set(tags={})
    facts.read(_Own(reader, ORGANIZATION), verified_domains=lambda own: [one["name"] for one in own["verifiedDomains"]])
    named = facts.raw.get(ORGANIZATION.call, {}).get("displayName")
    id = reader.subscription
    yield from facts.finish(id=f"/tenants/{id}", name=str(named or id), scope=id, region="global")


class _Own(AskAll):
    """Asks for the tenant that the credentials belong to, which must be the one that is read."""

    def __call__(self) -> Json:
        """Return the tenant."""
        ones = super().__call__()["value"]
        found = next((one for one in ones if str(one.get("id")).lower() == self.reader.subscription), None)
        if found is None:
            raise NotRead(self.operation.call, "malformed", "the credentials belong to another tenant")
        return found


def _unit(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[AdministrativeUnit] = facts_at(
        AdministrativeUnit, UNITS.call, item, restricted="isMemberManagementRestricted"
    )
    facts.read(ask_all(reader, UNIT_MEMBERS, item["id"]), members=ids_of)
    return finish(facts, reader, item)
