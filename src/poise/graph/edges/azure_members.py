"""Which subscriptions a directory administers."""

from __future__ import annotations

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.azure.entra import EntraTenant
from poise.model.azure.subscription import AzureSubscription
from poise.model.graph import Edge, EdgeKind, Evidence


def find(estate: Estate) -> Found:
    """Yield an edge from the tenant to each subscription that trusts it.

    A Global Administrator may take the administration of every subscription of the tenant (Microsoft Learn, "Elevate
    access to manage all Azure subscriptions and management groups"): whoever administers the one does the others.
    """
    tenants = {one.scope: one for one in estate.of(EntraTenant)}
    for subscription in estate.of(AzureSubscription):
        tenant = tenants.get(str(read(subscription, "tenant_id")).lower())
        if tenant is not None:
            proof = Evidence(asset=subscription.id, field="tenant_id", says=f"it trusts {tenant.name}")
            yield Edge(source=tenant.id, target=subscription.id, kind=EdgeKind.CONTAINS, evidence=(proof,))


FAMILY = Family(Width.PROVIDER, find, "azure")
