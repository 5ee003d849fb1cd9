"""SQL servers that accept TLS before version 1.2.

Older versions have known weaknesses, and a client that still offers them can be pushed down to them. A server on which
no minimum was set accepts every version.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.sql import SqlServer
from poise.model.samples.azure_sql import SQL_SERVER

GOOD = frozenset({"1.2", "1.3"})


def evaluate(server: SqlServer) -> Verdict:
    if server.minimal_tls_version in GOOD:
        return healthy(f"the minimum is TLS {server.minimal_tls_version}")
    if server.minimal_tls_version in (None, "None"):
        return unhealthy("no minimum is set, so every version is accepted")
    return unhealthy(f"the minimum is TLS {server.minimal_tls_version}", seen=server.minimal_tls_version)


CHECK = Check(
    title="SQL servers should demand TLS 1.2",
    asset=SqlServer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/azure-sql/database/connectivity-settings",
    evaluate=evaluate,
    fix=Fix(
        console="Open the server {name}, Security, Networking, Connectivity, Minimum TLS version, TLS 1.2, Save.",
        cli="az sql server update --ids {id} --minimal-tls-version 1.2",
        terraform="""
resource "azurerm_mssql_server" "this" {
  name                = "{name}"
  minimum_tls_version = "1.2"
}
""",
        impact="Clients that cannot speak TLS 1.2 fail to sign in with error 47072.",
    ),
    examples=(
        Example("1.2", SQL_SERVER, "healthy"),
        Example("1.3", replace(SQL_SERVER, minimal_tls_version="1.3"), "healthy"),
        Example("1.1", replace(SQL_SERVER, minimal_tls_version="1.1"), "unhealthy", "1.1"),
        Example("never set", replace(SQL_SERVER, minimal_tls_version=None), "unhealthy", "no minimum"),
        Example("set to none", replace(SQL_SERVER, minimal_tls_version="None"), "unhealthy", "no minimum"),
        Example("unread", replace(SQL_SERVER, unread={"minimal_tls_version": "denied"}), "unknown", "denied"),
    ),
)
