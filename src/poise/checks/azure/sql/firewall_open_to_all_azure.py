"""SQL servers whose firewall lets in every address inside Azure.

The rule from 0.0.0.0 to 0.0.0.0, "Allow Azure services", admits the machines of every Azure customer, not only yours;
whoever wants in rents one for an hour.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.azure.sql import FirewallRule, SqlServer
from poise.model.samples.azure_sql import SQL_SERVER, ZERO
from poise.policy.azure.exposure import azure_rules


def evaluate(server: SqlServer) -> Verdict:
    if "public_network_access" not in server.unread and server.public_network_access.lower() == "securedbyperimeter":
        return unknown("a network security perimeter decides, and perimeters are not read")
    if "public_network_access" not in server.unread and server.public_network_access.lower() != "enabled":
        return healthy(f"public network access is {server.public_network_access}, so the rules have no effect")
    rules = azure_rules(server.firewall_rules)
    if not rules:
        return healthy("no rule lets in every address inside Azure")
    # Not knowing whether public access is on makes this one unknown: the sentence asks for it.
    return unhealthy(
        f"every address inside Azure is let in; public network access is {server.public_network_access}", seen=rules
    )


AZURE = FirewallRule(name="AllowAllWindowsAzureIps", start=ZERO, end=ZERO)
OPEN = replace(SQL_SERVER, public_network_access="Enabled", firewall_rules=(AZURE,))
CHECK = Check(
    title="SQL servers should not let in every address inside Azure",
    asset=SqlServer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/azure-sql/database/network-access-controls-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the server {name}, Security, Networking, Exceptions; clear Allow Azure services and resources to access "
        "this server; Save.",
        cli="az sql server firewall-rule delete --resource-group RESOURCE_GROUP --server {name} "
        "--name AllowAllWindowsAzureIps",
        terraform="""
resource "azurerm_mssql_virtual_network_rule" "app" {
  server_id = azurerm_mssql_server.this.id
  subnet_id = azurerm_subnet.app.id
}
""",
        impact="Web apps, functions and data factories that connect from Azure's own addresses are refused; give them a "
        "virtual network rule or a private end point first.",
    ),
    examples=(
        Example("perimeter", replace(OPEN, public_network_access="SecuredByPerimeter"), "unknown", "perimeter"),
        Example("disabled", replace(OPEN, public_network_access="Disabled"), "healthy", "no effect"),
        Example("no such rule", replace(SQL_SERVER, public_network_access="Enabled"), "healthy", "no rule"),
        Example("such a rule", OPEN, "unhealthy", "every address"),
        Example("rules unread", replace(OPEN, unread={"firewall_rules": "denied"}), "unknown", "denied"),
        Example("access unread", replace(OPEN, unread={"public_network_access": "denied"}), "unknown", "denied"),
    ),
)
