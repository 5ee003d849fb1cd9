"""SQL servers that keep no audit log.

Without it nobody can say who read or changed data, when an intruder came, or whether there was one.
"""

import msgspec

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.azure.sql import SqlServer
from poise.model.samples.azure_sql import SQL_SERVER


def evaluate(server: SqlServer) -> Verdict:
    auditing = server.auditing
    if auditing.state.lower() != "enabled":
        return unhealthy("auditing is off", seen=auditing.state)
    if auditing.storage_endpoint is None and not auditing.azure_monitor:
        return unhealthy("auditing is on, but nothing receives the log", seen=auditing)
    return healthy("auditing is on")


def _with(**changes: object) -> SqlServer:
    return replace(SQL_SERVER, auditing=msgspec.structs.replace(SQL_SERVER.auditing, **changes))


CHECK = Check(
    title="SQL servers should keep an audit log",
    asset=SqlServer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/azure-sql/database/auditing-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the server {name}, Security, Auditing, Enable Azure SQL Auditing; choose where the log goes; Save.",
        cli="az sql server audit-policy update --ids {id} --state Enabled --log-analytics-target-state Enabled "
        "--log-analytics-workspace-resource-id WORKSPACE_ID",
        terraform="""
resource "azurerm_mssql_server_extended_auditing_policy" "this" {
  server_id              = azurerm_mssql_server.this.id
  log_monitoring_enabled = true
}
""",
        impact="The log is stored and charged.",
    ),
    examples=(
        Example("to Azure Monitor", SQL_SERVER, "healthy"),
        Example("to storage", _with(azure_monitor=None, storage_endpoint="https://a.blob.core.windows.net"), "healthy"),
        Example("off", _with(state="Disabled"), "unhealthy", "off"),
        Example("to nowhere", _with(azure_monitor=False), "unhealthy", "nothing receives"),
        Example("unread", replace(SQL_SERVER, unread={"auditing": "denied"}), "unknown", "denied"),
    ),
)
