"""An ordinary SQL server with a database, as they should be: examples change what they are about."""

from poise.model.azure.sql import Auditing, EntraAdministrator, FirewallRule, SqlDatabase, SqlServer
from poise.model.samples.azure_subscription import GROUP, NETWORK_PROVIDER, REGION, SUBSCRIPTION

ZERO = "0.0.0.0"  # noqa: S104 - an end of firewall ranges, no address to listen on
LAST = "255.255.255.255"
SERVER_ID = f"{GROUP}/providers/microsoft.sql/servers/shop-sql"
SQL_SERVER = SqlServer(
    id=SERVER_ID,
    name="shop-sql",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={"team": "shop"},
    version="12.0",
    administrator_login=None,
    host="shop-sql.database.windows.net",
    public_network_access="Disabled",
    minimal_tls_version="1.2",
    identity="SystemAssigned",
    identity_principal=None,
    private_endpoints=(f"{NETWORK_PROVIDER}/privateendpoints/shop-sql",),
    firewall_rules=(FirewallRule(name="office", start="198.51.100.0", end="198.51.100.255"),),
    virtual_network_rules=(),
    auditing=Auditing(state="Enabled", storage_endpoint=None, azure_monitor=True, retention_days=0),
    entra_administrator=EntraAdministrator(
        login="sql-admins", sid="5f6e7d8c-1111-2222-3333-444455556666", entra_only=True
    ),
)
SQL_DATABASE = SqlDatabase(
    id=f"{SERVER_ID}/databases/orders",
    name="orders",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    server=SERVER_ID,
    status="Online",
    sku="GP_S_Gen5_2",
    database_kind="v12.0,user,vcore,serverless",
    encryption="Enabled",
    zone_redundant=True,
    backup_redundancy="Geo",
)
