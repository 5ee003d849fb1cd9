"""Reads key vaults and their keys: the settings that the management plane shows, never what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import approved_endpoints, facts_of, finish, listed_each, network_rules
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import Ask, AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.ids import arm_id
from poise.model.azure.keyvault import KeyVault, KeyVaultKey
from poise.model.errors import NotRead
from poise.model.listing import Listing, ListingState

VAULTS = Operation(
    service="keyvault",
    name="Vaults_ListBySubscription",
    path="/providers/Microsoft.KeyVault/vaults",
    version="2023-02-01",
    permission="Microsoft.KeyVault/vaults/read",
)
KEYS = Operation(
    service="keyvault",
    name="Keys_List",
    path="/keys",
    version="2023-02-01",
    permission="Microsoft.KeyVault/vaults/keys/read",
)
KEY = Operation(
    service="keyvault",
    name="Keys_Get",
    path="",
    version="2023-02-01",
    permission="Microsoft.KeyVault/vaults/keys/read",
)
READS = (
    VAULTS.feeds("KeyVault"),
    KEYS.feeds("KeyVaultKey"),
    KEY.feeds("KeyVaultKey.rotation"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield every vault, then the state of the listing."""
    vaults: list[Json] = []
    state = ListingState.COMPLETE
    for piece in listed(KeyVault, _kept(reader.pages(VAULTS), vaults), partial(_vault, reader)):
        state = piece.state if isinstance(piece, Listing) else state
        yield piece
    if not vaults and state is not ListingState.COMPLETE:
        yield Listing(KeyVaultKey.KIND, state, "the vaults could not be listed")
        return
    yield from listed_each(reader, KeyVaultKey, _keys(reader, vaults), partial(_key, reader))


def _kept(items: Iterator[Json], into: list[Json]) -> Iterator[Json]:
    for item in items:
        into.append(item)
        yield item


def _keys(reader: AzureReader, vaults: list[Json]) -> Iterator[Json]:
    """Yield the keys of every vault; one that refuses does not hide the others."""
    problem: NotRead | None = None
    for vault in vaults:
        try:
            yield from (key | {"vault": vault["id"]} for key in reader.pages(KEYS, arm_id(vault["id"])))
        except NotRead as met:
            problem = problem or met
    if problem is not None:
        raise problem


def _key(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[KeyVaultKey] = facts_of(
        KeyVaultKey,
        KEYS.call,
        item,
        vault=lambda i: arm_id(i["vault"]),
        enabled=lambda i: (i["properties"].get("attributes") or {}).get("enabled"),
        expires=lambda i: (i["properties"].get("attributes") or {}).get("exp"),
        type="properties.kty",
    )
    # A list leaves the rotation policy out; the answer of the key itself has it.
    facts.read(Ask(reader, KEY, arm_id(item["id"])), rotation=_rotation)
    return finish(facts, reader, item)


def _rotation(answer: Json) -> list[Json]:
    policy = answer["properties"].get("rotationPolicy") or {}
    return [
        {
            "action": one["action"]["type"],
            "after_creation": one["trigger"].get("timeAfterCreate") or None,
            "before_expiry": one["trigger"].get("timeBeforeExpiry") or None,
        }
        for one in policy.get("lifetimeActions") or ()
    ]


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
