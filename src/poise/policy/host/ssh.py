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
    """Yield each value that can be in force for someone, and where: empty, or ` for User deploy`."""
    if keyword in server.settings:
        yield server.settings[keyword], ""
    for match in server.matches:
        if keyword in match.settings:
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


def seconds(text: str) -> int:
    """Return a time of sshd_config in seconds: `90`, `2m`, `1h30m`; 0 for `none`. Raises ValueError."""
    if text.lower() == "none":
        return 0
    parts = _TIME.findall(text)
    if "".join(number + unit for number, unit in parts) != text or not parts:
        raise ValueError(f"{text!r} is no time")
    return sum(int(number) * _UNITS[unit.lower()] for number, unit in parts)


def at_most(limit: int) -> Callable[[str], bool]:
    """Return a test for a whole number up to a limit; what is no number fails it."""
    return lambda text: text.isdecimal() and int(text) <= limit


def one_of(*good: str) -> Callable[[str], bool]:
    """Return a test for some values."""
    return lambda text: text.lower() in good


def none_of(bad: frozenset[str]) -> Callable[[str], bool]:
    """Return a test for a list with commas that holds none of some names."""
    return lambda text: not bad & {word.strip().lower() for word in text.split(",")}
