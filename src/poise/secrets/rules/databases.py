"""Passwords in connection strings and URLs, told apart by the host they open."""

import re

from poise.secrets.rule import Rule
from poise.secrets.values import is_password

WORD = rb"(?:Password|Pwd|PASSWD)\s{0,3}=\s{0,3}"
VALUE = rb"[\"']?([^\s;\"'<>&]{4,128})"
PASSWORDS = (b"passw", b"pwd")
"""Keywords of :data:`WORD`. Far fewer texts hold one of them than `Server=`, and they are searched anyway."""


def _opening(name: str, title: str, host: bytes, keyword: bytes) -> Rule:
    """Make the rule of the databases behind a host name, as a URL, an ADO string or a JDBC URL."""
    url = rb"://[^\s:/@\"']{1,80}:([^\s@/\"'<>]{3,128})@[^\s/\"'@]{0,120}?" + host
    string = host + rb"(?:[^\n\r;]{0,80};){1,8}?\s{0,3}" + WORD + VALUE
    reverse = WORD + VALUE + rb"[\"']?;(?:[^\n\r;]{0,80};){0,6}?[^\n\r;]{0,120}?" + host
    jdbc = host + rb"[^\s\"']{0,160}?[?&;]password=([^\s&;\"'<>]{4,128})"
    words = rb"host=[^\s]{0,120}?" + host + rb"\s[^\n\r]{0,160}?password=" + VALUE
    return Rule(
        name=name,
        title=title,
        keywords=(keyword,),
        pattern=re.compile(b"|".join((url, string, reverse, jdbc, words)), re.IGNORECASE),
        accept=is_password,
        before=700,
        after=900,
    )


RULES = (
    _opening("azure_sql_connection_string", "Azure SQL connection string", rb"database\.windows\.net", b".windows.net"),
    _opening(
        "azure_postgresql_password",
        "Azure Database for PostgreSQL password",
        rb"postgres\.database\.azure\.com",
        b".azure.com",
    ),
    _opening(
        "azure_mysql_password", "Azure Database for MySQL password", rb"mysql\.database\.azure\.com", b".azure.com"
    ),
    _opening("azure_cosmos_password", "Azure Cosmos DB for PostgreSQL password", rb"cosmos\.azure\.com", b".azure.com"),
    _opening("aws_rds_connection_string", "AWS RDS connection string", rb"rds\.amazonaws\.com", b".amazonaws.com"),
    _opening("aws_redshift_password", "AWS Redshift credentials", rb"redshift\.amazonaws\.com", b".amazonaws.com"),
    Rule(
        name="odbc_connection_string",
        title="ODBC connection string",
        keywords=PASSWORDS,
        pattern=re.compile(rb"Driver=\s?[^\n\r;]{1,80};(?:[^\n\r;]{0,80};){0,8}?\s{0,3}" + WORD + VALUE, re.IGNORECASE),
        accept=is_password,
        before=900,
    ),
    Rule(
        name="database_connection_string",
        title="Database connection string",
        keywords=PASSWORDS,
        pattern=re.compile(
            rb"(?:Data Source|Server|User ID|Uid)=[^\n\r;]{1,120};(?:[^\n\r;]{0,80};){0,8}?\s{0,3}" + WORD + VALUE,
            re.IGNORECASE,
        ),
        accept=is_password,
        before=900,
    ),
    Rule(
        name="url_password",
        title="Password in a URL",
        keywords=(b"://",),
        pattern=re.compile(
            rb"://(?<=[A-Za-z0-9+.\-]{2}://)[^\s:/@\"'<>{}$]{0,80}:([^\s@/\"'<>{}$]{3,128})@[^\s@\"'<>]"
        ),
        accept=is_password,
        before=2,
        after=300,
    ),
)
