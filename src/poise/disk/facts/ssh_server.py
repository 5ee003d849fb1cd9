"""The OpenSSH server's configuration as it is in force.

Source: sshd_config(5): for each keyword the first value counts; `Include` takes its files in at that place, in the
order of their names, relative ones from `/etc/ssh`; a `Match` block reaches to the next one or the end of the file.
Defaults are those of the same page (OpenSSH 9.x).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import Enum

import msgspec

from poise.disk.facts.reading import Line, Reading
from poise.disk.facts.services import starts
from poise.disk.facts.software import read_system_packages
from poise.model.host.ssh import SshMatch, SshServer

CONFIG = "/etc/ssh/sshd_config"
CONFIGS = (CONFIG, "/usr/etc/ssh/sshd_config")
DEEPEST = 16
ADDING = frozenset(
    ("port", "listenaddress", "hostkey", "acceptenv", "allowusers", "denyusers", "allowgroups", "denygroups", "setenv",
     "hostcertificate", "subsystem", "permitlisten", "permitopen")
)  # fmt: skip
"""Keywords whose lines add up."""
TIMES = frozenset(("logingracetime", "clientaliveinterval"))
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
KEPT = frozenset(
    ("banner", "hostkey", "authorizedkeysfile", "authorizedkeyscommand", "authorizedkeyscommanduser", "subsystem",
     "forcecommand", "chrootdirectory", "allowusers", "denyusers", "allowgroups", "denygroups", "pidfile", "setenv",
     "trustedusercakeys", "authorizedprincipalsfile", "acceptenv", "versionaddendum", "hostcertificate", "revokedkeys",
     "xauthlocation", "listenaddress")
)  # fmt: skip
"""Keywords whose values keep their case."""
OLD_NAMES = {"challengeresponseauthentication": "kbdinteractiveauthentication", "keyregenerationinterval": "",
             "dsaauthentication": "pubkeyauthentication", "skeyauthentication": "kbdinteractiveauthentication",
             "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
             "hostbasedacceptedkeytypes": "hostbasedacceptedalgorithms"}  # fmt: skip
SYNONYMS = {("permitrootlogin", "without-password"): "prohibit-password"}
DEFAULTS = {
    "port": "22", "addressfamily": "any", "listenaddress": "0.0.0.0 ::", "permitrootlogin": "prohibit-password",
    "passwordauthentication": "yes", "permitemptypasswords": "no", "pubkeyauthentication": "yes",
    "kbdinteractiveauthentication": "yes", "hostbasedauthentication": "no", "ignorerhosts": "yes", "usepam": "no",
    "x11forwarding": "no", "allowtcpforwarding": "yes", "allowagentforwarding": "yes", "gatewayports": "no",
    "permittunnel": "no", "permituserenvironment": "no", "strictmodes": "yes", "maxauthtries": "6", "maxsessions": "10",
    "maxstartups": "10:30:100", "logingracetime": "120", "clientaliveinterval": "0", "clientalivecountmax": "3",
    "tcpkeepalive": "yes", "loglevel": "info", "syslogfacility": "auth", "banner": "none", "printmotd": "yes",
    "printlastlog": "yes", "usedns": "no", "disableforwarding": "no", "compression": "yes",
    "gssapiauthentication": "no",
    "kerberosauthentication": "no", "authorizedkeysfile": ".ssh/authorized_keys .ssh/authorized_keys2",
    "authorizedkeyscommand": "none", "chrootdirectory": "none", "forcecommand": "none", "ignoreuserknownhosts": "no",
    "exposeauthinfo": "no", "authenticationmethods": "any", "permituserrc": "yes", "x11uselocalhost": "yes",
    "permitopen": "any", "permitlisten": "any", "trustedusercakeys": "none", "versionaddendum": "none",
    "streamlocalbindunlink": "no", "rekeylimit": "0 0", "pidfile": "/run/sshd.pid", "kerberosticketcleanup": "yes",
    "gssapicleanupcredentials": "yes",
}  # fmt: skip
PACKAGES = ("openssh-server", "openssh")
PROGRAMS = ("/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd")


class _State(msgspec.Struct):
    """What was read so far."""

    values: dict[str, list[str]]
    places: dict[str, str]
    matches: list[tuple[str, str, dict[str, list[str]]]]
    block: dict[str, list[str]] | None = None
    """The block that lines go to; None outside of any."""
    outer: list[dict[str, list[str]] | None] = []
    """Blocks of the files that include this one: they go on behind it."""


class _Edge(Enum):
    """Where an included file begins or ends."""

    BEGIN = "begin"
    END = "end"


def read_ssh_server(reading: Reading) -> SshServer | None:
    """Return the server's settings, or None if neither a configuration nor the program is there."""
    config = next((path for path in CONFIGS if reading.is_file(path)), None)
    if config is None and not any(reading.is_file(path) for path in PROGRAMS):
        return None
    state = _State({}, {}, [])
    for line in _lines(reading, config, DEEPEST) if config else ():
        _take(state, line)
    stated = _settings(state.values)
    return SshServer(
        settings=dict(sorted((DEFAULTS | stated).items())),
        stated=tuple(sorted(stated)),
        matches=tuple(SshMatch(criteria=c, settings=_settings(v), place=p) for c, p, v in state.matches),
        places=state.places,
        version=_version(reading),
        starts=starts(reading, "ssh", "sshd", "openssh"),
    )


def _lines(reading: Reading, path: str, deepest: int) -> Iterator[Line | _Edge]:
    """Yield the lines with included files in their places, each between its edges."""
    for line in reading.lines(path):
        name, value = _split(line.text)
        if name != "include":
            yield line
            continue
        if deepest == 0:
            reading.miss(line.place, f"more than {DEEPEST} includes inside each other: not followed")
            continue
        for pattern in _words(value):
            for inner in reading.glob(pattern if pattern.startswith("/") else f"/etc/ssh/{pattern}"):
                yield _Edge.BEGIN
                yield from _lines(reading, inner, deepest - 1)
                yield _Edge.END


def _take(state: _State, line: Line | _Edge) -> None:
    if line is _Edge.BEGIN:
        state.outer.append(state.block)
    elif line is _Edge.END:
        state.block = state.outer.pop()
    elif isinstance(line, Line):
        _take_line(state, line)


def _take_line(state: _State, line: Line) -> None:
    name, value = _split(line.text)
    name = OLD_NAMES.get(name, name)
    if name == "match":
        state.block = {}
        state.matches.append((value, line.place, state.block))
        return
    if not name or not value:
        return
    target = state.values if state.block is None else state.block
    if name in ADDING or name not in target:
        target.setdefault(name, []).append(_value(name, value))
    if state.block is None:
        state.places.setdefault(name, line.place)


def _split(text: str) -> tuple[str, str]:
    """Return keyword, in lower case, and value of a line: blanks or one `=` stand between them."""
    name = text.split("=")[0].split()[0] if text.split("=")[0].split() else ""
    value = text[len(name) :].lstrip()
    return name.lower(), value.removeprefix("=").strip()


def _words(value: str) -> list[str]:
    try:
        return shlex.split(value, comments=True)
    except ValueError:
        return value.split()


def _value(name: str, value: str) -> str:
    words = " ".join(_words(value))
    if name not in KEPT:
        words = words.lower()
    return _seconds(words) if name in TIMES else SYNONYMS.get((name, words), words)


def _seconds(text: str) -> str:
    """Return a time such as `1h30m` in seconds; one that is none as it is."""
    parts = re.findall(r"(\d{1,9})([smhdw]?)", text)
    return str(sum(int(n) * SECONDS[unit] for n, unit in parts)) if "".join(map("".join, parts)) == text else text


def _settings(values: dict[str, list[str]]) -> dict[str, str]:
    return {name: " ".join(found) for name, found in sorted(values.items())}


def _version(reading: Reading) -> str | None:
    """Return the version of the installed server's package."""
    packages = reading.once(read_system_packages)
    return next((p.full_version for name in PACKAGES for p in packages if p.name == name), None)
