"""Ports that configuration files open.

Sources: the manuals of sshd, nginx (`listen`), Apache (`Listen`), Redis (`bind`, `port`, `protected-mode`), PostgreSQL
(`listen_addresses`), MySQL (`bind-address`), MongoDB (`net.bindIp`), Docker (`hosts`), systemd.socket(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from poise.disk.facts.engines import read_engines
from poise.disk.facts.keywords import sections
from poise.disk.facts.reading import Line, Reading
from poise.disk.facts.services import UNIT_FOLDERS, read_services, starts
from poise.disk.facts.ssh_server import read_ssh_server
from poise.model.host.system import Listener

ENDPOINT = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<address>[^\s:\[\]]+))?:?(?P<port>\d{1,5})?$")
NGINX = ("/etc/nginx/nginx.conf", "/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*", "/etc/nginx/http.d/*.conf")
APACHE = ("/etc/apache2/ports.conf", "/etc/apache2/apache2.conf", "/etc/apache2/sites-enabled/*",
    "/etc/httpd/conf/httpd.conf",
          "/etc/httpd/conf.d/*.conf", "/etc/apache2/httpd.conf", "/etc/apache2/conf.d/*.conf")  # fmt: skip
REDIS = ("/etc/redis/*.conf", "/etc/redis.conf", "/etc/valkey/*.conf")
POSTGRES = ("/etc/postgresql/*/*/postgresql.conf", "/var/lib/pgsql/data/postgresql.conf",
            "/var/lib/pgsql/*/data/postgresql.conf", "/var/lib/postgresql/data/postgresql.conf")  # fmt: skip
MYSQL = ("/etc/mysql/my.cnf", "/etc/my.cnf", "/etc/mysql/mysql.conf.d/*.cnf", "/etc/mysql/mariadb.conf.d/*.cnf",
         "/etc/mysql/conf.d/*.cnf", "/etc/my.cnf.d/*.cnf")  # fmt: skip
MONGO = ("/etc/mongod.conf", "/etc/mongodb.conf")


def read_listeners(reading: Reading) -> tuple[Listener, ...]:
    """Return the ports, by program, port and address. Raises :class:`Unreadable`."""
    ways = (_sshd, _nginx, _apache, _redis, _postgres, _mysql, _mongo, _docker, _sockets)
    found = dict.fromkeys(one for way in ways for one in way(reading))
    ordered = sorted(found, key=lambda one: (one.program, one.port, one.address, one.place))
    return reading.first("listeners", "ports", ordered, reading.limits.entries)


def _sshd(reading: Reading) -> Iterator[Listener]:
    server = reading.once(read_ssh_server)
    if server is None:
        return
    place = server.places.get("listenaddress") or server.places.get("port") or "default of sshd"
    ports = [int(p) for p in server.settings["port"].split() if p.isdigit() and len(p) < 6]
    made = partial(Listener, program="sshd", protocol="tcp", place=place, starts=server.starts)
    for text in server.settings["listenaddress"].split() if "listenaddress" in server.stated else ["*"]:
        address, port = ("*", None) if text == "*" else endpoint(text)
        for number in [port] if port else ports:
            yield made(address=address, port=number)


def _nginx(reading: Reading) -> Iterator[Listener]:
    for line in _lines(reading, NGINX):
        for match in re.finditer(r"(?:^|[{;]\s*)listen\s+([^\s;]+)([^;]*);", line.text):
            if not match[1].startswith("unix:"):
                address, port = endpoint(match[1])
                protocol = "udp" if re.search(r"\b(?:udp|quic)\b", match[2]) else "tcp"
                yield _listener(reading, ("nginx", ("nginx",)), (address, port or 80, protocol), line.place)


def _apache(reading: Reading) -> Iterator[Listener]:
    for line in _lines(reading, APACHE):
        match = re.match(r"Listen\s+(\S+)", line.text, re.IGNORECASE)
        if match and (port := endpoint(match[1])[1]):
            yield _listener(reading, ("apache", ("apache2", "httpd")), (endpoint(match[1])[0], port, "tcp"), line.place)


def _redis(reading: Reading) -> Iterator[Listener]:
    names = ("redis", "redis-server", "redis_6379", "valkey", "valkey-server")
    for path in (path for pattern in REDIS for path in reading.glob(pattern)):
        values = {line.text.split()[0].lower(): line for line in reading.lines(path) if len(line.text.split()) > 1}
        ports = [values[key] for key in ("port", "tls-port") if key in values and _port(values[key].text.split()[1])]
        bind = values.get("bind")
        for line in ports or ([] if "port" in values else [Line(path, 0, "port 6379")]):
            for address in bind.text.split()[1:] if bind else ["*"]:
                place = (bind or line).place if (bind or line).number else f"default of redis ({path})"
                port = _port(line.text.split()[1]) or 6379
                yield _listener(reading, ("redis", names), (address.lstrip("-"), port, "tcp"), place)


def _postgres(reading: Reading) -> Iterator[Listener]:
    for path in (path for pattern in POSTGRES for path in reading.glob(pattern)):
        addresses, port, place = "localhost", 5432, f"default of postgresql ({path})"
        for line in reading.lines(path):
            match = re.match(r"(listen_addresses|port)\s*=?\s*'?([^'#]*)", line.text)
            if match and match[1] == "port":
                port = _port(match[2].strip()) or port
            elif match:
                addresses, place = match[2].strip(), line.place
        for address in filter(None, re.split(r"[,\s]+", addresses)):
            yield _listener(reading, ("postgresql", ("postgresql",)), (address, port, "tcp"), place)


def _mysql(reading: Reading) -> Iterator[Listener]:
    names = ("mysql", "mysqld", "mariadb")
    paths = [path for pattern in MYSQL for path in reading.glob(pattern)]
    values: dict[str, Line] = {}
    for path in paths:
        section = ""
        for line in reading.lines(path, "#;"):
            section = line.text.strip("[]") if line.text.startswith("[") else section
            name = line.text.partition("=")[0].strip().replace("_", "-")
            if section in ("mysqld", "mariadb", "server", "mariadbd") or section.startswith("mysqld-"):
                values[name] = line
    if not paths or "skip-networking" in values or not starts(reading, *names):
        return
    bind, port = values.get("bind-address"), values.get("port")
    address = bind.text.partition("=")[2].strip() if bind else "*"
    number = _port(port.text.partition("=")[2].strip()) if port else None
    yield _listener(
        reading, ("mysql", names), (address, number or 3306, "tcp"), bind.place if bind else "default of mysql"
    )


def _mongo(reading: Reading) -> Iterator[Listener]:
    for path in (path for pattern in MONGO for path in reading.glob(pattern)):
        text = reading.text(path) or ""
        bind = re.search(r"^\s*bind_?ip\s*[:=]\s*['\"]?([^'\"#\n]+)", text, re.MULTILINE | re.IGNORECASE)
        everything = re.search(r"^\s*bindIpAll\s*:\s*true", text, re.MULTILINE)
        port = re.search(r"^\s*port\s*[:=]\s*(\d{1,5})\s*$", text, re.MULTILINE)
        addresses = ["*"] if everything else (bind[1] if bind else "127.0.0.1").replace(",", " ").split()
        for address in addresses:
            yield _listener(
                reading, ("mongodb", ("mongod", "mongodb")), (address, int(port[1]) if port else 27017, "tcp"), path
            )


def _docker(reading: Reading) -> Iterator[Listener]:
    for engine in reading.once(read_engines):
        if engine.program == "docker":
            for match in re.finditer(r"tcp://(\S+)", engine.settings.get("hosts", "")):
                address, port = endpoint(match[1])
                yield _listener(
                    reading, ("dockerd", ("docker",)), (address, port or 2375, "tcp"), ", ".join(engine.places)
                )


def _sockets(reading: Reading) -> Iterator[Listener]:
    """Yield what enabled socket units open."""
    for service in reading.once(read_services):
        if not service.name.endswith(".socket") or service.place == "" or not service.place.startswith(UNIT_FOLDERS):
            continue
        unit = sections(reading.lines(service.place, "#;")).get("Socket", {})
        for key, protocol in (("ListenStream", "tcp"), ("ListenDatagram", "udp")):
            for value in unit.get(key, []):
                address, port = endpoint(value) if not value.startswith(("/", "@", "%")) else ("", None)
                if port:
                    name = service.name.removesuffix(".socket")
                    yield Listener(
                        program=name, protocol=protocol, address=address, port=port, place=service.place, starts=True
                    )


def endpoint(text: str) -> tuple[str, int | None]:
    """Return address and port of `8080`, `127.0.0.1:8080`, `[::]:8080`, `localhost` or `*:80`; `*` without one."""
    if text.isdigit():
        return "*", _port(text)
    if text.count(":") > 1 and not text.startswith("["):
        return text, None
    match = ENDPOINT.fullmatch(text)
    if match is None:
        return text, None
    return match["six"] or match["address"] or "*", _port(match["port"] or "")


def _listener(reading: Reading, who: tuple[str, tuple[str, ...]], where: tuple[str, int, str], place: str) -> Listener:
    address, port, protocol = where
    does_start = starts(reading, *who[1])
    return Listener(program=who[0], protocol=protocol, address=address, port=port, place=place, starts=does_start)


def _lines(reading: Reading, patterns: tuple[str, ...]) -> Iterator[Line]:
    for path in dict.fromkeys(path for pattern in patterns for path in reading.glob(pattern)):
        yield from reading.lines(path)


def _port(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536 else None
