"""What an SSH server's configuration allows, inside its `Match` blocks too (sshd_config(5))."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from poise.model.host.machine import Machine
from poise.model.host.ssh import SshServer
from poise.model.verdict import Verdict, healthy, not_applicable, unhealthy, unknown

_TIME = re.compile(r"(\d+)([smhdw]?)", re.IGNORECASE)
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def values(server: SshServer, keyword: str) -> Iterator[tuple[str, str]]:
    """Yield each value that can be in force for someone, and where: empty, or ` for User deploy`.

    A block that fits everybody (`Match all`) takes the place of what stands outside of blocks and of later ones.
    """
    stated = [match for match in server.matches if keyword in match.settings]
    last = next((at for at, match in enumerate(stated) if match.criteria.lower() == "all"), None)
    if last is None and keyword in server.settings:
        yield server.settings[keyword], ""
    for match in stated if last is None else stated[: last + 1]:
        yield match.settings[keyword], f" for {match.criteria}"


def require(machine: Machine, keyword: str, is_good: Callable[[str], bool], words: tuple[str, str]) -> Verdict:
    """Judge a keyword: healthy if every value that can be in force is good.

    ``words`` say what a good value means and what a bad one means.
    """
    server = machine.ssh_server
    if server is None:
        return not_applicable("there is no SSH server")
    found = list(values(server, keyword))
    for value, where in found:
        if not is_good(value):
            return unhealthy(f"{words[1]}{where}", {keyword: value})
    if not found:
        return unknown(f"the server states no {keyword}, and its default is not known")
    return healthy(words[0], {keyword: found[0][0]})


def asks_for_key(server: SshServer) -> bool:
    """Tell whether every way in that `AuthenticationMethods` allows, for anyone, has a key in it."""
    stated = [text for text, _ in values(server, "authenticationmethods")]
    return bool(stated) and all("publickey" in way for text in stated for way in text.split())


def seconds(text: str) -> int:
    """Return a time of sshd_config in seconds: `90`, `2m`, `1h30m`; 0 for `none`. Raises ValueError."""
    if text.lower() == "none":
        return 0
    parts = _TIME.findall(text)
    if "".join(number + unit for number, unit in parts) != text or not parts:
        raise ValueError(f"{text!r} is no time")
    return sum(int(number) * _UNITS[unit.lower()] for number, unit in parts)


def is_older(server: SshServer, release: tuple[int, int]) -> bool | None:
    """Tell whether a server's package is of an earlier release of OpenSSH: `1:9.2p1-2` is 9.2; None if not known."""
    found = re.match(r"(?:\d+:)?(\d+)\.(\d+)", server.version or "")
    return (int(found[1]), int(found[2])) < release if found else None


def at_most(limit: int) -> Callable[[str], bool]:
    """Return a test for a whole number up to a limit; what is no number fails it."""
    return lambda text: text.isdecimal() and int(text) <= limit


def one_of(*good: str) -> Callable[[str], bool]:
    """Return a test for some values."""
    return lambda text: text.lower() in good


def refuse(machine: Machine, keyword: str, bad: frozenset[str], words: tuple[str, str]) -> Verdict:
    """Judge a list of algorithms: healthy if it holds none of some.

    One that begins with `+` or `^` adds to the server's own list, one with `-` takes away from it; what that list
    holds depends on how the server was built.
    """
    server = machine.ssh_server
    if server is None:
        return not_applicable("there is no SSH server")
    found = list(values(server, keyword))
    for text, where in found:
        weak = sorted(bad & {word.strip().lower().lstrip("+^") for word in text.split(",")})
        if weak and not text.startswith("-"):
            return unhealthy(f"{words[1]}{where}: {', '.join(weak)}", {keyword: text})
    if not found or any(text.startswith(("+", "-", "^")) for text, _ in found):
        return unknown(f"what {keyword} begins with is the server's own list, which is not known")
    return healthy(words[0], {keyword: found[0][0]})
