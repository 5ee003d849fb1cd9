"""Traffic: which addresses at which ports, as one exact set.

Every filter of a network lets a set of (port, address) pairs through. Such sets are kept as parts with disjoint
ports, so that rules are added up, cut and subtracted before anyone asks whether something gets through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Self, TypeVar

import msgspec

from poise.model.errors import BadInput
from poise.policy.intervals import LAST_PORT, IpSet, PortSet, union

T = TypeVar("T")
Part = tuple[PortSet, IpSet]
Ruling = tuple[bool, PortSet, IpSet]
"""Whether it lets through, at which ports, which addresses."""
BUDGET = 2_000_000
"""Rules looked at for one filter, counted once for each range of ports, before they count as too many."""
NOWHERE = IpSet()


class Traffic(msgspec.Struct, frozen=True):
    """A set of (port, address) pairs."""

    parts: tuple[Part, ...] = ()
    """Disjoint ports with different addresses, ordered by their first port; none is empty."""

    @classmethod
    def of(cls, pairs: Iterable[Part]) -> Self:
        """Add up ports with their addresses; raise BadInput for more rules than can be added up."""
        by_ports: dict[PortSet, list[IpSet]] = defaultdict(list)
        for ports, addresses in pairs:
            by_ports[ports].append(addresses)
        summed = [(ports, _added(sets)) for ports, sets in by_ports.items()]
        return cls(_canonical(summed if len(summed) < 2 else _swept(summed, _added)))

    @classmethod
    def between(cls, ports: PortSet, addresses: IpSet) -> Self:
        """Return every pair of some ports and some addresses."""
        return cls(((ports, addresses),) if ports and addresses else ())

    @classmethod
    def every(cls) -> Traffic:
        """Return all there is."""
        return _every()

    def __or__(self, other: Traffic) -> Traffic:
        left, right = self.ports, other.ports
        both = [(p & q, a | b) for p, a in self.parts for q, b in other.parts]
        alone = [(p - right, a) for p, a in self.parts] + [(q - left, b) for q, b in other.parts]
        return Traffic(_canonical([*both, *alone]))

    def __and__(self, other: Traffic) -> Traffic:
        if self.parts == _EVERY_PARTS:
            return other
        if other.parts == _EVERY_PARTS:
            return self
        return Traffic(_canonical(_shared(one, two) for one in self.parts for two in other.parts))

    def __sub__(self, other: Traffic) -> Traffic:
        right = other.ports
        both = [(p & q, a - b) for p, a in self.parts for q, b in other.parts]
        return Traffic(_canonical([*both, *((p - right, a) for p, a in self.parts)]))

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def ports(self) -> PortSet:
        """All ports at which some address is."""
        return PortSet(_union(ports for ports, _ in self.parts))

    @property
    def addresses(self) -> IpSet:
        """All addresses that are at some port."""
        return _added([addresses for _, addresses in self.parts])

    def at(self, port: int) -> IpSet:
        """Return the addresses at one port."""
        return next((addresses for ports, addresses in self.parts if port in ports), NOWHERE)

    def covers(self, other: Traffic) -> bool:
        """Say whether everything in the other set is in this one."""
        return not (other - self)


def first_match(rulings: Sequence[Ruling]) -> Traffic:
    """Return what ordered rules let through: the first that fits decides, what none fits is refused.

    Raises BadInput for more rules than can be followed.
    """
    ranked = [(ports, ruling) for ruling in rulings if (ports := ruling[1])]
    return Traffic(_canonical(_swept(ranked, _decided)))


def _shared(one: Part, other: Part) -> Part:
    """Intersect two parts; most are everything at one end."""
    (ports, addresses), (others, more) = one, other
    ((every_port, everyone),) = _EVERY_PARTS
    left = others if ports == every_port else ports if others == every_port else ports & others
    if not left:
        return left, NOWHERE
    return left, more if addresses == everyone else addresses if more == everyone else addresses & more


def _decided(rulings: Sequence[Ruling]) -> IpSet:
    let_through, undecided = NOWHERE, IpSet.every()
    for allows, _, addresses in rulings:
        matched = undecided & addresses
        undecided = undecided - matched
        if allows:
            let_through = let_through | matched
        if not undecided:
            break
    return let_through


def _added(sets: Sequence[IpSet]) -> IpSet:
    if len(sets) == 1:
        return sets[0]
    v4 = tuple(pair for one in sets for pair in one.v4)
    v6 = tuple(pair for one in sets for pair in one.v6)
    return IpSet(union(v4), union(v6))


def _union(sets: Iterable[PortSet]) -> tuple[tuple[int, int], ...]:
    return union(tuple(pair for one in sets for pair in one.ranges))


def _swept(ranked: Sequence[tuple[PortSet, T]], judge: Callable[[Sequence[T]], IpSet]) -> list[Part]:
    """Cut the ports at the bounds of all rules and judge each piece by the rules that concern it, in order."""
    cuts = {0, LAST_PORT + 1}
    for ports, _ in ranked:
        for low, high in ports.ranges:
            cuts |= {low, high + 1}
    if len(cuts) * len(ranked) > BUDGET:
        raise BadInput("there are more rules in one filter than can be added up")
    known: dict[tuple[int, ...], IpSet] = {}
    found: list[Part] = []
    for low, following in pairwise(sorted(cuts)):
        here = tuple(at for at, (ports, _) in enumerate(ranked) if low in ports)
        if here not in known:
            known[here] = judge([ranked[at][1] for at in here])
        found.append((PortSet(((low, following - 1),)), known[here]))
    return found


def _canonical(parts: Iterable[Part]) -> tuple[Part, ...]:
    by_addresses: dict[IpSet, list[PortSet]] = {}
    for ports, addresses in parts:
        if ports and addresses:
            by_addresses.setdefault(addresses, []).append(ports)
    joined = ((PortSet(_union(sets)) if len(sets) > 1 else sets[0], at) for at, sets in by_addresses.items())
    return tuple(sorted(joined, key=lambda part: part[0].ranges))


_EVERY_PARTS = ((PortSet.every(), IpSet.every()),)


@lru_cache(maxsize=1)
def _every() -> Traffic:
    return Traffic(_EVERY_PARTS)
