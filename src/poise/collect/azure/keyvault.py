"""Reads key vaults: their settings, never what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import approved_endpoints, facts_of, finish, network_rules
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.keyvault import KeyVault

VAULTS = Operation(
    service="keyvault",
    name="Vaults_ListBySubscription",
    path="/providers/Microsoft.KeyVault/vaults",
    version="2023-02-01",
    permission="Microsoft.KeyVault/vaults/read",
)
READS = (VAULTS.feeds("KeyVault"),)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield every vault, then the state of the listing."""
    yield from listed(KeyVault, reader.pages(VAULTS), partial(_vault, reader))


def _vault(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[KeyVault] = facts_of(
        KeyVault,
        VAULTS.call,
        item,
        vault_uri="properties.vaultUri",
        sku=lambda i: i["properties"]["sku"]["name"].lower(),
        tenant_id="properties.tenantId",
        rbac_authorization="properties.enableRbacAuthorization",
        access_policies=lambda i: [_policy(p) for p in i["properties"].get("accessPolicies") or ()],
        soft_delete="properties.enableSoftDelete",
        soft_delete_days="properties.softDeleteRetentionInDays",
        purge_protection="properties.enablePurgeProtection",
        public_network_access="properties.publicNetworkAccess",
        network_rules=lambda i: network_rules(i["properties"].get("networkAcls")),
        # Left out where there are none (recorded answers of 2019 to 2025).
        private_endpoints=lambda i: approved_endpoints(i["properties"].get("privateEndpointConnections")),
        enabled_for_deployment="properties.enabledForDeployment",
        enabled_for_template_deployment="properties.enabledForTemplateDeployment",
    )
    return finish(facts, reader, item)


def _policy(entry: Json) -> Json:
    permissions = entry["permissions"]
    return {
        "tenant_id": entry["tenantId"],
        "object_id": entry["objectId"],
        "keys": permissions.get("keys") or (),
        "secrets": permissions.get("secrets") or (),
        "certificates": permissions.get("certificates") or (),
    }
