"""What starts with a machine: systemd's enabled units, and the links of System V and OpenRC.

A unit is enabled by a link in a `.wants` or `.requires` folder of a target; `/etc` wins over `/run` and `/usr/lib`,
and a link to `/dev/null` masks a unit. Source: systemd.unit(5).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial

from poise.disk.facts.keywords import sections
from poise.disk.facts.reading import Reading
from poise.disk.facts.redact import shown
from poise.disk.tree import FileKind
from poise.model.host.system import Service

UNIT_FOLDERS = (
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
    "/lib/systemd/system",
)  # fmt: skip
STARTED = ("default.target", "multi-user.target", "graphical.target", "basic.target", "sysinit.target",
    "sockets.target",
           "timers.target", "paths.target", "local-fs.target", "remote-fs.target", "network-online.target",
           "network.target", "cloud-init.target", "network-pre.target", "local-fs-pre.target", "time-sync.target",
           "swap.target", "cloud-config.target", "nss-lookup.target")  # fmt: skip
"""Targets that an ordinary start of a server reaches."""
KINDS = (".service", ".socket", ".timer", ".path", ".mount", ".target")
SYSV = re.compile(r"S\d\d(?P<name>[\w.-]+)")
SYSV_FOLDERS = tuple(f"/etc/{front}rc{level}.d" for level in "2345S" for front in ("", "rc.d/"))
OPENRC_LEVELS = ("default", "boot", "sysinit", "nonetwork")
MASKED = "/dev/null"


def read_services(reading: Reading) -> tuple[Service, ...]:
    """Return what starts, by name. Raises :class:`Unreadable`."""
    found = _systemd(reading) + _sysv(reading) + _openrc(reading)
    return tuple(sorted(found, key=lambda s: (s.name, s.manager)))


def starts(reading: Reading, *names: str) -> bool | None:
    """Whether any of some services starts with the machine, named without suffix; None if services are none at all."""
    services = reading.once(read_services)
    if not services:
        return None
    running = {re.sub(r"@.*|\.(?:service|socket)$", "", service.name) for service in services}
    return not running.isdisjoint(names)


def _systemd(reading: Reading) -> list[Service]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for folder in UNIT_FOLDERS:
        for name in reading.folder(folder):
            target, _, kind = name.rpartition(".")
            if kind in ("wants", "requires") and target in STARTED:
                for unit in reading.folder(f"{folder}/{name}"):
                    wanted[unit].add(target)
    for unit in [unit for unit in wanted if unit.endswith(".target")]:
        _add_target(reading, unit, wanted)
    units = (_unit(reading, unit, tuple(sorted(targets))) for unit, targets in sorted(wanted.items()))
    return [unit for unit in units if unit]


def _add_target(reading: Reading, target: str, wanted: dict[str, set[str]]) -> None:
    """Add what a wanted target wants itself."""
    for folder in UNIT_FOLDERS:
        for kind in ("wants", "requires"):
            for unit in reading.folder(f"{folder}/{target}.{kind}"):
                wanted[unit].add(target)


def _unit(reading: Reading, name: str, targets: tuple[str, ...]) -> Service | None:
    if not name.endswith(KINDS) or name.endswith(".target"):
        return None
    place = _place(reading, name)
    if place == MASKED:
        return None
    service: dict[str, list[str]] = {}
    for path in [*([place] if place else []), *_drop_ins(reading, name)]:
        for key, values in sections(reading.lines(path, "#;")).get("Service", {}).items():
            service[key] = values
    command = next(iter(service.get("ExecStart", [])), "").lstrip("-@:+!")
    user = next(iter(service.get("User", [])), "")
    made = partial(Service, name=name, manager="systemd", wanted_by=targets)
    return made(command=shown(command), user="" if user == "root" else user, place=place)


def _place(reading: Reading, name: str) -> str:
    """Return the file of a unit, of its template for an instance; `/dev/null` if masked, empty if there is none."""
    template = re.sub(r"@[^.]*\.", "@.", name)
    for folder in UNIT_FOLDERS:
        for unit in dict.fromkeys((name, template)):
            path = f"{folder}/{unit}"
            found = reading.tree.facts(path)
            if found and found.kind is FileKind.LINK and reading.tree.target(path) == MASKED:
                return MASKED
            if found and reading.is_file(path):
                return path
    return ""


def _drop_ins(reading: Reading, name: str) -> list[str]:
    found = {p.rpartition("/")[2]: p for f in reversed(UNIT_FOLDERS) for p in reading.files(f"{f}/{name}.d", "*.conf")}
    return [found[key] for key in sorted(found)]


def _sysv(reading: Reading) -> list[Service]:
    levels: dict[str, set[str]] = defaultdict(set)
    for folder in SYSV_FOLDERS:
        for name in reading.folder(folder):
            match = SYSV.fullmatch(name)
            if match:
                levels[match["name"]].add(folder[-3])
    return [
        _script(name, "sysv", tuple(sorted(found)))
        for name, found in sorted(levels.items())
        if not _by_systemd(reading, name)
    ]


def _by_systemd(reading: Reading, name: str) -> bool:
    """Whether systemd has a unit of the same name, which it prefers to the script."""
    return any(reading.tree.facts(f"{folder}/{name}.service") for folder in UNIT_FOLDERS)


def _openrc(reading: Reading) -> list[Service]:
    levels: dict[str, set[str]] = defaultdict(set)
    for level in OPENRC_LEVELS:
        for name in reading.folder(f"/etc/runlevels/{level}"):
            levels[name].add(level)
    return [_script(name, "openrc", tuple(sorted(found))) for name, found in sorted(levels.items())]


def _script(name: str, manager: str, levels: tuple[str, ...]) -> Service:
    place = f"/etc/init.d/{name}"
    return Service(name=name, manager=manager, wanted_by=levels, command=f"{place} start", user="", place=place)
