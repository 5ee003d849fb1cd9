"""Ports that no stranger should reach, and what listens there."""

from __future__ import annotations

from collections.abc import Iterable

from poise.model.errors import BadInput
from poise.policy.intervals import LAST_PORT

MANAGEMENT = {"22": "SSH", "3389": "RDP", "5985": "WinRM", "5986": "WinRM over TLS"}
"""TCP ports on which machines are managed, as text, because settings are text."""
DATABASES = {
    "1433": "SQL Server",
    "1521": "Oracle",
    "2379": "etcd",
    "3306": "MySQL",
    "5432": "PostgreSQL",
    "5439": "Redshift",
    "5601": "Kibana",
    "6379": "Redis",
    "7000": "Cassandra",
    "7001": "Cassandra over TLS",
    "8086": "InfluxDB",
    "9042": "Cassandra",
    "9092": "Kafka",
    "9200": "Elasticsearch",
    "9300": "Elasticsearch",
    "11211": "Memcached",
    "27017": "MongoDB",
    "27018": "MongoDB",
    "27019": "MongoDB",
    "50000": "Db2",
}
"""TCP ports of databases, caches, search engines and message stores."""


def named(ports: Iterable[int], most: int = 6) -> str:
    """Return the first few ports with what listens there, as people read them: `22 (SSH), 4000 and 3 more`."""
    known = MANAGEMENT | DATABASES
    ports = tuple(ports)
    texts = [f"{port} ({known[str(port)]})" if str(port) in known else str(port) for port in ports[:most]]
    more = f" and {len(ports) - most} more" if len(ports) > most else ""
    return ", ".join(texts) + more


WEB = (80, 443)
WELL_KNOWN = frozenset({*WEB, *map(int, MANAGEMENT), *map(int, DATABASES)})
"""Ports that a person asks about first."""
MOST_NAMED = 5


def named_first(ports: Iterable[int]) -> str:
    """Return a few of the ports as people read them, well-known ones first: `22 (SSH), 8080 and others`."""
    found = sorted(set(ports), key=lambda port: (port not in WELL_KNOWN, port))
    more = " and others" if len(found) > MOST_NAMED else ""
    return f"{named(found[:MOST_NAMED])}{more}"


def port_numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Return ports as numbers; raise :class:`BadInput` naming one that cannot be."""
    found: list[int] = []
    for text in texts:
        if not text.isascii() or not text.isdigit() or int(text) > LAST_PORT:
            raise BadInput(f"{text!r} is not a port;", "expected a number from 0 to 65535.")
        found.append(int(text))
    return tuple(found)
