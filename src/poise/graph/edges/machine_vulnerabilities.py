"""Which known vulnerabilities machines have, over which ports they can be used, and whether logins take passwords."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.model.graph import Edge, EdgeKind, EdgeState, Evidence, Node
from poise.model.host.machine import Machine
from poise.model.host.system import Listener
from poise.model.host.vulnerabilities import KnownVulnerability, Vulnerabilities

VULNERABILITY = "vulnerability"
OPEN_STATUS = frozenset({"affected", "wont_fix", "under_investigation"})
LOGIN_SETTINGS = ("passwordauthentication", "kbdinteractiveauthentication")


def find(estate: Estate) -> Found:
    """Yield vulnerabilities of machines with what is told of them."""
    machines = {machine.id: machine for machine in estate.of(Machine)}
    by_cloud_id = {read(machine, "cloud_asset") or id: machine for id, machine in machines.items()}
    for machine in machines.values():
        yield from _login(machine)
    for scanned in estate.of(Vulnerabilities):
        host = machines.get(scanned.machine) or by_cloud_id.get(scanned.machine)
        target = (read(host, "cloud_asset") or host.id) if host else scanned.machine
        for known in read(scanned, "found") or ():
            if known.status in OPEN_STATUS and known.booted:
                yield from _known(scanned, target, known, _ports(host, known.package))


def _known(scanned: Vulnerabilities, target: str, known: KnownVulnerability, ports: tuple[str, ...] | None) -> Found:
    yield Node(id=known.id, kind=VULNERABILITY, name=known.id, provider="", scope="", insights=_told(known))
    if ports == ():
        return
    says = f"{known.package} {known.version} has {known.id}" + (", which is known to be exploited" if known.kev else "")
    is_sure = ports is not None and known.status != "under_investigation"
    yield Edge(
        source=target,
        target=known.id,
        kind=EdgeKind.HAS_VULNERABILITY,
        state=EdgeState.CERTAIN if is_sure else EdgeState.CONDITIONAL,
        condition="" if is_sure else f"{known.package} takes what comes from the network",
        ports=ports or (),
        evidence=(Evidence(asset=scanned.id, field="found", says=says, place=known.package),),
    )


def _told(known: KnownVulnerability) -> Mapping[str, object]:
    vector = dict(part.partition(":")[::2] for part in (known.cvss.vector if known.cvss else "").split("/"))
    remote = vector.get("AV") == "N" and vector.get("PR", "N") == "N"
    told: dict[str, object] = {
        "runs_code": remote and (vector.get("I") in ("H", "C") or vector.get("VI") == "H"),
        "forges_requests": remote and vector.get("S") == "C" and vector.get("C") == "H",
        "severity": known.severity,
        "known_exploited": known.kev,
    }
    return told | ({"epss": known.epss} if known.epss is not None else {})


def _ports(machine: Machine | None, package: str) -> tuple[str, ...] | None:
    """Return the ports on which programs of a package listen; none of them if others do, None if it is not known."""
    listeners = None if machine is None else read(machine, "listeners")
    if not listeners:
        return None
    mine = {f"{one.protocol}/{one.port}" for one in _listening(listeners, package)}
    return tuple(sorted(mine)) if mine else None


def _listening(listeners: tuple[Listener, ...], package: str) -> Iterator[Listener]:
    for one in listeners:
        program = one.program.rpartition("/")[2]
        if program and (package.startswith(program) or PROGRAMS.get(package) == program):
            yield one


PROGRAMS = {
    "openssh-server": "sshd",
    "httpd": "httpd",
    "bind9": "named",
    "mysql-server": "mysqld",
    "redis": "redis-server",
}
"""Package -> program, where the names differ."""


def _login(machine: Machine) -> Found:
    """Tell that passwords are refused, if the server says so and no exception gives them back."""
    server = read(machine, "ssh_server")
    if server is None:
        return
    refused = all(server.settings.get(name) == "no" for name in LOGIN_SETTINGS)
    back = any(match.settings.get(name) == "yes" for match in server.matches for name in LOGIN_SETTINGS)
    yield Told(read(machine, "cloud_asset") or machine.id, "password_login", not refused or back)


FAMILY = Family(Width.ESTATE, find)
