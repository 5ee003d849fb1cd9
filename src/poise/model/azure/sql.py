"""Records of Azure SQL: logical servers and their databases."""

from poise.model.asset import Asset, Part, asset_kind


class FirewallRule(Part, frozen=True, kw_only=True):
    """A range of addresses that reaches a server. 0.0.0.0 to 0.0.0.0 means every address inside Azure."""

    name: str
    """Name of the rule."""
    start: str
    """First address."""
    end: str
    """Last address."""


class Auditing(Part, frozen=True, kw_only=True):
    """Where a server writes its audit log."""

    state: str
    """`Enabled` or `Disabled`."""
    storage_endpoint: str | None
    """Storage that receives the log; None if none does."""
    azure_monitor: bool | None
    """Whether Azure Monitor receives the log; None if never set, which is no."""
    retention_days: int | None
    """Days that the storage keeps it, 0 for ever; None if never set."""


class EntraAdministrator(Part, frozen=True, kw_only=True):
    """The Entra principal that administers a server."""

    login: str
    """Its name."""
    sid: str
    """Its object id."""
    entra_only: bool | None
    """Whether SQL logins are refused; None if never set, which is no."""


@asset_kind("Microsoft.Sql/servers", "azure")
class SqlServer(Asset):
    """A logical server."""

    version: str
    """Version of the server, such as `12.0`."""
    administrator_login: str | None
    """Name of the SQL administrator; None if there is only an Entra one."""
    host: str | None
    """Full DNS name."""
    public_network_access: str
    """`Enabled`, `Disabled` or `SecuredByPerimeter`. Answers of versions before 2019 lack it."""
    minimal_tls_version: str | None
    """`1.0`, `1.1`, `1.2`, `1.3` or `None`; None if never set, which permits every version."""
    identity: str | None
    """Type of the managed identity; None if it has none."""
    identity_principal: str | None
    """Object id of the principal of its system-assigned identity; None if it has none."""
    private_endpoints: tuple[str, ...]
    """Ids of the private end points with an approved connection."""
    firewall_rules: tuple[FirewallRule, ...]
    """Ranges of IPv4 addresses that reach it."""
    virtual_network_rules: tuple[str, ...]
    """Ids of the subnets that reach it."""
    auditing: Auditing
    """The audit log of the whole server."""
    entra_administrator: EntraAdministrator | None
    """Its Entra administrator; None if it has none."""


@asset_kind("Microsoft.Sql/servers/databases", "azure")
class SqlDatabase(Asset):
    """A database of a logical server."""

    server: str
    """Id of the server it is in."""
    status: str | None
    """`Online`, `Paused` ...; None if not told."""
    sku: str | None
    """Service tier, such as `GP_S_Gen5_2`; None if not told."""
    database_kind: str | None
    """`v12.0,user`, `v12.0,system` ...; None if not told."""
    encryption: str
    """Transparent data encryption: `Enabled` or `Disabled`."""
    zone_redundant: bool | None
    """Whether replicas are in several zones; None if not told."""
    backup_redundancy: str | None
    """`Geo`, `GeoZone`, `Zone` or `Local`; None if not told."""
