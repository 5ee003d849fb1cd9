"""Reads the list of hosts: `hosts.toml`, or destinations such as `ann@web-1:2222`.

::

    name = "berlin"                  # of the list; the file's name if it is left out

    [defaults]
    user = "poise"
    sudo = true

    [[host]]
    address = "10.0.0.5"
    name = "web-1"                   # the address if it is left out
    port = 22
    key = "~/.ssh/poise"
    jump = "bastion.example.com"
    tags = { team = "shop" }
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from poise.collect.files import text_of
from poise.model.errors import BadInput, UsageError

MOST_BYTES = 4 << 20
"""Largest list."""
_WORD = re.compile(r"[A-Za-z0-9_\[][\w.:%\[\]-]*", re.ASCII)
_JUMP = re.compile(r"[A-Za-z0-9_\[][\w.:%@\[\],-]*", re.ASCII)
_DESTINATION = re.compile(r"(?:(?P<user>[^@\s]+)@)?(?P<address>\[[0-9A-Fa-f:%]+\]|[^:\s]+)(?::(?P<port>\d{1,5}))?")


class Host(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One host, and how it is reached. What is empty is left to the configuration of `ssh`."""

    address: str
    """Name or address that `ssh` connects to."""
    name: str = ""
    """What people call it."""
    user: str = ""
    """Who signs in."""
    port: int = 0
    """Port of its SSH server; 0 leaves it to `ssh`."""
    key: str = ""
    """File of the private key."""
    jump: str = ""
    """Hosts to go through, with commas."""
    sudo: bool = False
    """Read as root, by `sudo` without a password."""
    tags: Mapping[str, str] = {}
    """Tags of the machine."""

    @property
    def title(self) -> str:
        """Its name, or its address."""
        return self.name or self.address


class HostList(msgspec.Struct, frozen=True):
    """Hosts that are scanned together."""

    name: str
    """Name of the list: the scope of its machines."""
    hosts: tuple[Host, ...]
    """The hosts, in order."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    host: list[dict[str, Any]]
    name: str = ""
    defaults: dict[str, Any] = {}


def read_file(path: Path) -> HostList:
    """Return the list in a file; raises :class:`UsageError` if there is none, :class:`BadInput` if it is wrong."""
    text = text_of(path, MOST_BYTES)
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
        rows = [msgspec.convert(file.defaults | row, Host) for row in file.host]
    except (tomllib.TOMLDecodeError, RecursionError, msgspec.ValidationError) as problem:
        raise BadInput(f"{path}: {problem}.") from problem
    return checked(HostList(file.name or path.stem, tuple(rows)), str(path))


def of_destinations(texts: Iterable[str], defaults: Mapping[str, Any], name: str) -> HostList:
    """Return the list of destinations, each `[USER@]ADDRESS[:PORT]`; raises :class:`UsageError`."""
    rows = []
    for text in texts:
        found = _DESTINATION.fullmatch(text)
        if found is None:
            raise UsageError(f"{text!r} is no host.", "Expected [USER@]ADDRESS[:PORT]; IPv6 in brackets.")
        given = {key: value for key, value in found.groupdict().items() if value}
        given["address"] = given["address"].strip("[]")
        rows.append(msgspec.convert({**defaults, **given}, Host, strict=False))
    return checked(HostList(name, tuple(rows)), "the command line")


def checked(found: HostList, place: str) -> HostList:
    """Return a list of hosts that can be passed to `ssh`; raises :class:`BadInput` that names the host."""
    if not found.hosts:
        raise BadInput(f"{place}: there is no host.")
    for host in found.hosts:
        words = (host.address, host.user, found.name, host.title)
        if any(word and not _WORD.fullmatch(word) for word in words) or (host.jump and not _JUMP.fullmatch(host.jump)):
            raise BadInput(f"{place}: host {host.title!r} has a name, address, user or jump host of other characters.")
        if not 0 <= host.port <= 65535 or host.key.startswith("-"):
            raise BadInput(f"{place}: host {host.title!r} has a port or key that cannot be.")
    twice = [name for name, count in Counter(host.title for host in found.hosts).items() if count > 1]
    if twice:
        raise BadInput(f"{place}: two hosts are named {twice[0]!r}.")
    return found
