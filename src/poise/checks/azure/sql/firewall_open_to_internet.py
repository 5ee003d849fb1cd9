"""SQL servers whose firewall lets in the whole internet.

Only the password or token then stands between everybody and the data, and scanners try passwords all day. Rules for
IPv6 are kept apart by Azure and are not read.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.azure.sql import FirewallRule, SqlServer
from poise.model.samples.azure_sql import LAST, SQL_SERVER, ZERO
from poise.policy.azure.exposure import internet_rules, opens_internet


def evaluate(server: SqlServer) -> Verdict:
    if "public_network_access" not in server.unread and server.public_network_access.lower() == "securedbyperimeter":
        return unknown("a network security perimeter decides, and perimeters are not read")
    if "public_network_access" not in server.unread and server.public_network_access.lower() != "enabled":
        return healthy(f"public network access is {server.public_network_access}, so the rules have no effect")
    if not opens_internet(server.firewall_rules):
        return healthy("the firewall does not let in the whole internet")
    # Not knowing whether public access is on makes this one unknown: the sentence asks for it.
    return unhealthy(
        f"the firewall lets in the whole internet; public network access is {server.public_network_access}",
        seen=internet_rules(server.firewall_rules),
    )


def _open(*ranges: tuple[str, str]) -> SqlServer:
    rules = tuple(FirewallRule(name=f"rule{i}", start=start, end=end) for i, (start, end) in enumerate(ranges))
    return replace(SQL_SERVER, public_network_access="Enabled", firewall_rules=rules)


WIDE = _open((ZERO, LAST))
CHECK = Check(
    title="SQL servers should not let in the whole internet",
    asset=SqlServer,
    severity=Severity.HIGH,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/azure-sql/database/firewall-configure",
    evaluate=evaluate,
    fix=Fix(
        console="Open the server {name}, Security, Networking, Firewall rules; delete the wide rule and add the addresses in "
        "use; Save.",
        cli="az sql server firewall-rule delete --resource-group RESOURCE_GROUP --server {name} --name RULE",
        terraform="""
resource "azurerm_mssql_firewall_rule" "office" {
  server_id        = azurerm_mssql_server.this.id
  start_ip_address = "203.0.113.7"
  end_ip_address   = "203.0.113.7"
}
""",
        impact="Clients at addresses that no other rule names are refused.",
    ),
    examples=(
        Example("perimeter", replace(WIDE, public_network_access="SecuredByPerimeter"), "unknown", "perimeter"),
        Example("disabled", replace(WIDE, public_network_access="Disabled"), "healthy", "no effect"),
        Example("an office", _open(("198.51.100.0", "198.51.100.255")), "healthy", "does not"),
        Example("every address", WIDE, "unhealthy", "whole internet"),
        Example("two halves", _open((ZERO, "127.255.255.255"), ("128.0.0.0", LAST)), "unhealthy"),
        Example("all of Azure", _open((ZERO, ZERO)), "healthy", "does not"),
        Example("rules unread", replace(WIDE, unread={"firewall_rules": "denied"}), "unknown", "denied"),
        Example("access unread", replace(WIDE, unread={"public_network_access": "denied"}), "unknown", "denied"),
        Example(
            "access unread, closed anyway",
            replace(SQL_SERVER, unread={"public_network_access": "denied"}),
            "healthy",
            "does not",
        ),
    ),
)
