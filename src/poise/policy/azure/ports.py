"""Ports that should not face the internet, by what listens there."""

from __future__ import annotations

MANAGEMENT = {22: "SSH", 3389: "RDP", 5985: "WinRM", 5986: "WinRM over TLS"}
"""TCP ports by which machines are administered."""
DATABASES = {
    1433: "SQL Server",
    1521: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    7000: "Cassandra",
    9042: "Cassandra",
    9200: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
}
"""TCP ports of data stores (IANA Service Name and Transport Protocol Port Number Registry, vendors' defaults)."""


def named(ports: dict[int, str], found: tuple[int, ...]) -> str:
    """Return ports with what listens there, as a person reads them: `22 (SSH), 3389 (RDP)`."""
    return ", ".join(f"{port} ({ports[port]})" for port in found)
