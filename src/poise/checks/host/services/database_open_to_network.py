"""Databases and caches that listen on every address.

Only the packet filter, and often no password, is between them and the network.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Listener
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

PROGRAMS = frozenset(
    {"redis", "postgres", "postgresql", "mysql", "mysqld", "mariadb", "mongod", "memcached", "elasticsearch"}
)
EVERYWHERE = frozenset({"*", "0.0.0.0", "::"})
REDIS = Listener(program="redis", protocol="tcp", address="0.0.0.0", port=6379, place="/etc/redis.conf:1", starts=True)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [
        one
        for one in machine.listeners
        if one.program in PROGRAMS and one.address in EVERYWHERE and one.starts is not False
    ]
    if found:
        places = [f"{one.program} on {one.protocol}/{one.port}" for one in found]
        return unhealthy(f"{places[0]} listens on every address", places)
    return healthy("no database listens on every address")


CHECK = Check(
    title="Databases should listen on the addresses that need them",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://redis.io/docs/latest/operate/oss_and_stack/management/security/",
    evaluate=evaluate,
    fix=fixing.by_command("editor FILE", "set the address that it listens on, then restart it"),
    examples=(
        Example("none", MACHINE, "healthy"),
        Example("everywhere", replace(MACHINE, listeners=(REDIS,)), "unhealthy", "redis on tcp/6379"),
        Example("itself alone", replace(MACHINE, listeners=(altered(REDIS, address="127.0.0.1"),)), "healthy"),
        Example("does not start", replace(MACHINE, listeners=(altered(REDIS, starts=False),)), "healthy"),
        Example("unread", replace(MACHINE, unread={"listeners": "permission denied"}), "unknown", "permission denied"),
    ),
)
