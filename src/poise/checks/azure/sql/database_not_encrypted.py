"""SQL databases that are stored unencrypted.

Transparent data encryption protects data files, logs and backups where they are stored. It is on for new databases;
somebody switched it off, or the database is older than that. The system database `master` holds no data of yours.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.azure.sql import SqlDatabase
from poise.model.samples.azure_sql import SQL_DATABASE


def evaluate(database: SqlDatabase) -> Verdict:
    if database.name.lower() == "master":
        return not_applicable("it is the system database")
    if database.encryption.lower() == "enabled":
        return healthy("it is encrypted")
    return unhealthy("it is not encrypted", seen=database.encryption)


MASTER = replace(SQL_DATABASE, name="master", encryption="Disabled")
CHECK = Check(
    title="SQL databases should be encrypted",
    asset=SqlDatabase,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/azure-sql/database/transparent-data-encryption-tde-overview",
    evaluate=evaluate,
    fix=Fix(
        console="Open the database {name}, Security, Data Encryption, On, Save.",
        cli="az sql db tde set --ids {id} --status Enabled",
        terraform="""
resource "azurerm_mssql_database" "this" {
  name                                = "{name}"
  transparent_data_encryption_enabled = true
}
""",
        impact="Encrypting runs in the background and costs some performance meanwhile.",
    ),
    examples=(
        Example("on", SQL_DATABASE, "healthy"),
        Example("off", replace(SQL_DATABASE, encryption="Disabled"), "unhealthy"),
        Example("system database", MASTER, "not_applicable"),
        Example("unread", replace(SQL_DATABASE, unread={"encryption": "denied"}), "unknown", "denied"),
    ),
)
