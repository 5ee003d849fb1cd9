"""What list pages share: the filters in force, their menus, and the pages of a long list."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from poise.app.parameters import PAGE_SIZES
from poise.model.listings import FacetCount, Order, Page, Paging
from poise.web import words
from poise.web.address import Address

T = TypeVar("T")

COUNT_UP_TO = 10_000
"""Rows are counted no further."""
MANY = 10**12
DEFAULT_SIZE = 50


@dataclass(frozen=True)
class Menu:
    """One filter of a list."""

    name: str
    """Name of the parameter."""
    title: str
    """What the menu says."""
    fixed: type[StrEnum] | None = None
    """All values, where they are a fixed few; else the values that occur are offered."""
    label: Callable[[str], str] = words.label
    """How a value reads."""
    is_single: bool = False
    """Whether only one value can be in force."""
    is_counted: bool = True
    """Whether the store counts by it; else each value is counted by itself."""


@dataclass(frozen=True)
class Option:
    """One value of a filter, as its menu shows it."""

    value: str
    label: str
    chosen: bool
    count: str
    """How many rows it would leave; empty until the menu is opened."""


@dataclass(frozen=True)
class Chip:
    """One filter in force, and the link that lifts it."""

    text: str
    href: str


@dataclass(frozen=True)
class Part:
    """Which page of a list is shown."""

    number: int
    count: int
    size: int

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size


def options(menu: Menu, address: Address, counts: Iterable[FacetCount] = (), is_open: bool = False) -> list[Option]:
    """List the values of a filter. A value never vanishes because nothing bears it: its count is then 0."""
    chosen = address.values(menu.name)
    found = {facet.value: f"{words.number(facet.count)}{'+' if facet.is_capped else ''}" for facet in counts}
    known = [value.value for value in menu.fixed] if menu.fixed else []
    values = [*known, *sorted({*found, *chosen} - {*known})]
    return [
        Option(value, menu.label(value), value in chosen, found.get(value, "0") if is_open else "") for value in values
    ]


def chips(menus: Sequence[Menu], address: Address) -> list[Chip]:
    """List the filters in force."""
    made = []
    for menu in menus:
        known = {value.value for value in menu.fixed} if menu.fixed else None
        for value in address.values(menu.name):
            if known is None or value in known:
                made.append(Chip(f"{menu.title}: {menu.label(value)}", address.without(menu.name, value)))
    text = address.first("q")
    return [Chip(f"Text: {text}", address.without("q", text)), *made] if text else made


def part(address: Address, total: int) -> Part:
    """Choose the page that was asked for; past the end, the last one."""
    size = _whole(address.first("per_page"), DEFAULT_SIZE)
    size = size if size in PAGE_SIZES else DEFAULT_SIZE
    count = max(1, -(-total // size))
    return Part(min(max(1, _whole(address.first("page"), 1)), count), count, size)


def last_page(address: Address, order: Order, query: Callable[[Paging], Page[T]]) -> tuple[Page[T], Part]:
    """Ask for the page of the address; where the list has become shorter, for its last one."""
    page = query(_paging(part(address, MANY), order))
    real = part(address, page.total)
    if not page.rows and page.total:
        page = query(_paging(real, order))
    return page, real


def _paging(of: Part, order: Order) -> Paging:
    return Paging(order=order, limit=of.size, offset=of.offset, count_up_to=COUNT_UP_TO)


def command(name: str, pairs: Iterable[tuple[str, str]], parameters: Collection[str]) -> str:
    """Write the command line that prints the same list, its flags named like the parameters; empty for no name."""
    if not name:
        return ""
    flags = [f"--{parameter}={shlex.quote(value)}" for parameter, value in pairs if parameter in parameters and value]
    return " ".join(["poise list", name, *flags])


def sentence(found: Sequence[Chip]) -> str:
    """Write the filters in force for paper."""
    return "; ".join(chip.text for chip in found)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
