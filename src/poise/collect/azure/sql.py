"""Reads SQL servers and their databases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import approved_endpoints, facts_of, finish, listed_each
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import Ask, AskAll, AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.ids import arm_id, parent
from poise.model.azure.sql import SqlDatabase, SqlServer
from poise.model.listing import Listing, ListingState, Read

VERSION = "2021-11-01"


def _below_server(name: str, path: str, permission: str) -> Operation:
    full = f"Microsoft.Sql/servers/{permission}/read"
    return Operation(service="sql", name=name, path=path, version=VERSION, permission=full)


SERVERS = Operation(
    service="sql",
    name="Servers_List",
    path="/providers/Microsoft.Sql/servers",
    version=VERSION,
    permission="Microsoft.Sql/servers/read",
)
FIREWALL = _below_server("FirewallRules_ListByServer", "/firewallRules", "firewallRules")
NETWORK_RULES = _below_server("VirtualNetworkRules_ListByServer", "/virtualNetworkRules", "virtualNetworkRules")
AUDITING = _below_server("ServerBlobAuditingPolicies_Get", "/auditingSettings/default", "auditingSettings")
ADMINISTRATORS = _below_server("ServerAzureADAdministrators_ListByServer", "/administrators", "administrators")
DATABASES = _below_server("Databases_ListByServer", "/databases", "databases")
ENCRYPTION = _below_server(
    "TransparentDataEncryptions_Get", "/transparentDataEncryption/current", "databases/transparentDataEncryption"
)
READS: tuple[Read, ...] = (
    SERVERS.feeds("SqlServer"),
    FIREWALL.feeds("SqlServer.firewall_rules"),
    NETWORK_RULES.feeds("SqlServer.virtual_network_rules"),
    AUDITING.feeds("SqlServer.auditing"),
    ADMINISTRATORS.feeds("SqlServer.entra_administrator"),
    DATABASES.feeds("SqlDatabase"),
    ENCRYPTION.feeds("SqlDatabase.encryption"),
)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield every server and its databases, then the state of both listings.

    The databases of one server that cannot be listed leave the whole list of databases partial.
    """
    databases = Listing(SqlDatabase.KIND, ListingState.COMPLETE)
    for piece in listed_each(reader, SqlServer, reader.pages(SERVERS), partial(_server_and_databases, reader)):
        if isinstance(piece, Listing) and piece.kind == SqlDatabase.KIND:
            if piece.state is not ListingState.COMPLETE:
                databases = Listing(SqlDatabase.KIND, ListingState.PARTIAL, piece.reason)
            continue
        yield piece
        if isinstance(piece, Listing) and piece.state is not ListingState.COMPLETE:
            databases = Listing(SqlDatabase.KIND, piece.state, piece.reason)
    yield databases


def _server_and_databases(reader: AzureReader, item: Json) -> Iterator[Piece]:
    yield from _server(reader, item)
    yield from listed(SqlDatabase, reader.pages(DATABASES, item["id"]), partial(_database, reader))


def _server(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[SqlServer] = facts_of(
        SqlServer,
        SERVERS.call,
        item,
        version="properties.version",
        administrator_login="properties.administratorLogin",
        host="properties.fullyQualifiedDomainName",
        public_network_access="properties.publicNetworkAccess",
        minimal_tls_version="properties.minimalTlsVersion",
        identity="identity.type",
        identity_principal="identity.principalId",
        private_endpoints=lambda i: approved_endpoints(i["properties"]["privateEndpointConnections"]),
    )
    _read_children(facts, reader, item["id"])
    return finish(facts, reader, item)


def _read_children(facts: Facts[SqlServer], reader: AzureReader, server: str) -> None:
    facts.read(
        AskAll(reader, FIREWALL, server),
        firewall_rules=lambda a: [
            {
                "name": rule["name"],
                "start": rule["properties"]["startIpAddress"],
                "end": rule["properties"]["endIpAddress"],
            }
            for rule in a["value"]
        ],
    )
    facts.read(
        AskAll(reader, NETWORK_RULES, server),
        virtual_network_rules=lambda a: [arm_id(r["properties"]["virtualNetworkSubnetId"]) for r in a["value"]],
    )
    facts.read(Ask(reader, AUDITING, server), auditing=lambda a: _auditing(a["properties"]))
    facts.read(AskAll(reader, ADMINISTRATORS, server), entra_administrator=lambda a: _administrator(a["value"]))


def _auditing(properties: Json) -> Json:
    return {
        "state": properties["state"],
        "storage_endpoint": properties.get("storageEndpoint") or None,
        "azure_monitor": properties.get("isAzureMonitorTargetEnabled"),
        "retention_days": properties.get("retentionDays"),
    }


def _administrator(entries: Json) -> Json:
    """Return the Entra administrator of the list, which holds one at most."""
    found = [e["properties"] for e in entries if e["properties"].get("administratorType") == "ActiveDirectory"]
    if not found:
        return None
    entra_only = found[0].get("azureADOnlyAuthentication")
    return {"login": found[0]["login"], "sid": found[0]["sid"], "entra_only": entra_only}


def _database(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[SqlDatabase] = facts_of(
        SqlDatabase,
        DATABASES.call,
        item,
        status="properties.status",
        sku="sku.name",
        database_kind="kind",
        zone_redundant="properties.zoneRedundant",
        backup_redundancy="properties.currentBackupStorageRedundancy",
    )
    facts.set(server=parent(arm_id(item["id"])))
    # Versions before 2021 call the state `status`.
    facts.read(
        Ask(reader, ENCRYPTION, item["id"]),
        encryption=lambda a: a["properties"].get("state") or a["properties"]["status"],
    )
    return finish(facts, reader, item)
