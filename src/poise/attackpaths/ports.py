"""Texts of ports, such as `tcp/443` or `tcp/8000-8100`, and whether they meet."""

from __future__ import annotations

from collections.abc import Iterable

ANY = "any"
LAST = 65535
LOGINS = ("tcp/22", "tcp/3389", "tcp/5985-5986")
"""Ports of SSH, RDP and WinRM."""


def overlap(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``one`` that share a port with one of ``other``."""
    others = [_span(text) for text in other]
    return tuple(text for text in one if any(_meet(_span(text), span) for span in others))


def joined(ports: Iterable[str]) -> str:
    """Return ports as one text, in order, so that the same ports give the same state."""
    return ",".join(sorted(set(ports)))


def split(ports: str) -> tuple[str, ...]:
    """Return the ports of a joined text; none stands for all."""
    return tuple(ports.split(",")) if ports else (ANY,)


def _span(text: str) -> tuple[str, int, int]:
    protocol, _, numbers = text.partition("/")
    first, _, last = numbers.partition("-")
    if not first.isdigit():
        return (ANY if protocol in (ANY, "all", "*", "-1") else protocol), 0, LAST
    return protocol, int(first), int(last) if last.isdigit() else int(first)


def _meet(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    same = one[0] == other[0] or ANY in (one[0], other[0])
    return same and one[1] <= other[2] and other[1] <= one[2]
