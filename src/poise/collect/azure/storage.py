"""Reads storage accounts and the settings of their blob service."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import approved_endpoints, facts_of, finish, listed_each, network_rules
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import Ask, AzureReader
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.azure.storage import StorageAccount
from poise.model.listing import Read

ACCOUNTS = Operation(
    service="storage",
    name="StorageAccounts_List",
    path="/providers/Microsoft.Storage/storageAccounts",
    # Later versions read an unset allowBlobPublicAccess as false; accounts that never set it are older than that.
    version="2022-09-01",
    permission="Microsoft.Storage/storageAccounts/read",
)
BLOB_SERVICE = Operation(
    service="storage",
    name="BlobServices_GetServiceProperties",
    path="/blobServices/default",
    version="2022-09-01",
    permission="Microsoft.Storage/storageAccounts/blobServices/read",
)
READS: tuple[Read, ...] = (
    ACCOUNTS.feeds("StorageAccount"),
    BLOB_SERVICE.feeds(
        "StorageAccount.blob_versioning",
        "StorageAccount.blob_soft_delete_days",
        "StorageAccount.container_soft_delete_days",
    ),
)
NO_BLOBS = {"FeatureNotSupportedForAccount": None}
"""An account for files alone has no blob service (Azure Storage resource provider, error codes)."""


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield every storage account, then the state of the listing."""
    yield from listed_each(reader, StorageAccount, reader.pages(ACCOUNTS), partial(_account, reader))


def _account(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[StorageAccount] = facts_of(
        StorageAccount,
        ACCOUNTS.call,
        item,
        created="properties.creationTime",
        sku="sku.name",
        account_kind="kind",
        https_only="properties.supportsHttpsTrafficOnly",
        minimum_tls_version="properties.minimumTlsVersion",
        allow_blob_public_access="properties.allowBlobPublicAccess",
        allow_shared_key_access="properties.allowSharedKeyAccess",
        public_network_access="properties.publicNetworkAccess",
        network_rules=lambda i: network_rules(i["properties"].get("networkAcls")),
        private_endpoints=lambda i: approved_endpoints(i["properties"]["privateEndpointConnections"]),
        key_source="properties.encryption.keySource",
        key_vault="properties.encryption.keyvaultproperties.keyvaulturi",
        infrastructure_encryption="properties.encryption.requireInfrastructureEncryption",
        identity="identity.type",
        identity_principal="identity.principalId",
        hierarchical_namespace="properties.isHnsEnabled",
        sftp_enabled="properties.isSftpEnabled",
    )
    facts.read(
        Ask(reader, BLOB_SERVICE, item["id"]),
        NO_BLOBS,
        blob_versioning="properties.isVersioningEnabled",
        blob_soft_delete_days=lambda a: _days(a["properties"].get("deleteRetentionPolicy")),
        container_soft_delete_days=lambda a: _days(a["properties"].get("containerDeleteRetentionPolicy")),
    )
    return finish(facts, reader, item)


def _days(policy: Json) -> int | None:
    """Return for how many days deleted things are kept; None for a policy that is off or was never set."""
    return policy["days"] if policy and policy.get("enabled") else None
