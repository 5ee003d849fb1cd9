"""Reads the subscription itself, and where it hangs in its tenant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import Ask, AzureReader
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.azure.subscription import AzureSubscription
from poise.model.errors import NotRead
from poise.model.listing import Listing, ListingState

SUBSCRIPTIONS_LIST = Operation(
    service="subscriptions",
    name="Subscriptions_List",
    path="/subscriptions",
    version="2022-12-01",
    permission="Microsoft.Resources/subscriptions/read",
)
SUBSCRIPTIONS_GET = Operation(
    service="subscriptions",
    name="Subscriptions_Get",
    path="",
    version="2022-12-01",
    permission="Microsoft.Resources/subscriptions/read",
)
ANCESTORS = Operation(
    service="subscriptions",
    name="Resources",
    path="/providers/Microsoft.ResourceGraph/resources",
    version="2021-03-01",
    permission="Microsoft.ResourceGraph/resources/read",
)
ANCESTORS_QUERY = (
    "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' "
    "| project subscriptionId, chain = properties.managementGroupAncestorsChain"
)
READS = (
    SUBSCRIPTIONS_LIST.feeds(),
    SUBSCRIPTIONS_GET.feeds("AzureSubscription"),
    ANCESTORS.feeds("AzureSubscription.management_groups"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield the subscription, then the state of its listing.

    It is there even if nothing about it could be read: gaps of the whole subscription are shown on it.
    """
    facts = Facts(AzureSubscription)
    facts.read(
        Ask(reader, SUBSCRIPTIONS_GET),
        tags=lambda a: a.get("tags") or {},
        state="state",
        tenant_id="tenantId",
        offer="subscriptionPolicies.quotaId",
        spending_limit="subscriptionPolicies.spendingLimit",
    )
    facts.read(_Ancestors(reader, ANCESTORS), management_groups="names")
    id = reader.subscription
    name = facts.raw.get(SUBSCRIPTIONS_GET.call, {}).get("displayName")
    yield from facts.finish(id=f"/subscriptions/{id}", name=str(name or id), scope=id, region="global")
    yield Listing(AzureSubscription.KIND, ListingState.COMPLETE)


class _Ancestors(Ask):
    """Asks Resource Graph for the management groups above the subscription."""

    def __call__(self) -> Json:
        """Return ``{"names": [...]}``, the tenant's root first."""
        found = ancestors_by_subscription(self.reader.query(self.operation, ANCESTORS_QUERY))
        if self.reader.subscription not in found:
            raise NotRead(self.operation.call, "malformed", "Resource Graph does not know the subscription")
        return {"names": found[self.reader.subscription]}


def ancestors_by_subscription(rows: Iterable[Json]) -> dict[str, list[str]]:
    """Return subscription id -> names of the management groups above it, root first; other rows are passed over."""
    chains = ((row.get("subscriptionId"), row.get("chain")) for row in rows if isinstance(row, dict))
    return {
        id.lower(): [group["name"] for group in reversed(chain)]
        for id, chain in chains
        if isinstance(id, str) and isinstance(chain, list)
    }
