"""SQL servers with a public end point.

Everybody on the internet can speak to the sign-in of such a server, as far as its firewall lets them; one wide rule
is enough. With public access disabled, only private end points lead to it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.sql import SqlServer
from poise.model.samples.azure_sql import SQL_SERVER


def evaluate(server: SqlServer) -> Verdict:
    if server.public_network_access.lower() == "enabled":
        return unhealthy("its public end point is on", seen=server.public_network_access)
    return healthy(f"public network access is {server.public_network_access}")


CHECK = Check(
    title="SQL servers should have no public end point",
    asset=SqlServer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/azure-sql/database/connectivity-settings",
    evaluate=evaluate,
    fix=Fix(
        console="Give the server {name} a private end point; then open Security, Networking, Public network access, Disable, "
        "Save.",
        cli="az sql server update --ids {id} --enable-public-network false",
        terraform="""
resource "azurerm_mssql_server" "this" {
  name                          = "{name}"
  public_network_access_enabled = false
}
""",
        impact="Every client that does not come through a private end point is refused at once.",
    ),
    examples=(
        Example("disabled", SQL_SERVER, "healthy"),
        Example("perimeter", replace(SQL_SERVER, public_network_access="SecuredByPerimeter"), "healthy"),
        Example("enabled", replace(SQL_SERVER, public_network_access="Enabled"), "unhealthy"),
        Example("unread", replace(SQL_SERVER, unread={"public_network_access": "denied"}), "unknown", "denied"),
    ),
)
