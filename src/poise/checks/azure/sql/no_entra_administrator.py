"""SQL servers without an Entra administrator.

Such a server knows only SQL logins with passwords: no second factor, no conditional access, no central switch-off when
somebody leaves.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.sql import SqlServer
from poise.model.samples.azure_sql import SQL_SERVER


def evaluate(server: SqlServer) -> Verdict:
    if server.entra_administrator is None:
        return unhealthy("it has no Entra administrator")
    return healthy("its Entra administrator is set", seen=server.entra_administrator.login)


CHECK = Check(
    title="SQL servers should have an Entra administrator",
    asset=SqlServer,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/azure-sql/database/authentication-aad-configure",
    evaluate=evaluate,
    fix=Fix(
        console="Open the server {name}, Settings, Microsoft Entra ID, Set admin; choose a group; Save.",
        cli="az sql server ad-admin create --resource-group RESOURCE_GROUP --server {name} --display-name GROUP "
        "--object-id GROUP_OBJECT_ID",
        terraform="""
resource "azurerm_mssql_server" "this" {
  name = "{name}"
  azuread_administrator {
    login_username = "GROUP"
    object_id      = "GROUP_OBJECT_ID"
  }
}
""",
        impact="None for SQL logins, which keep working.",
    ),
    examples=(
        Example("set", SQL_SERVER, "healthy"),
        Example("not set", replace(SQL_SERVER, entra_administrator=None), "unhealthy"),
        Example("unread", replace(SQL_SERVER, unread={"entra_administrator": "denied"}), "unknown", "denied"),
    ),
)
