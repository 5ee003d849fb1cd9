"""Interval sets of addresses and ports: exact unions, intersections and differences.

Rules are added up before anyone asks whether they reach the internet, so that two halves of the internet are
the internet. All bounds are inclusive.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Self

import msgspec

from poise.model.errors import BadInput

Intervals = tuple[tuple[int, int], ...]
"""Sorted, disjoint, not adjacent; bounds inclusive."""
V4, V6 = 4, 6
LAST_PORT = 65535
LAST = {V4: 2**32 - 1, V6: 2**128 - 1}

# IANA special-purpose registries: ranges that no peer on the internet can have as its address.
_NOT_INTERNET_V4 = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
    *("203.0.113.0/24", "224.0.0.0/3"),
)
_NOT_INTERNET_V6 = ("2001:db8::/32",)
_INTERNET_V6 = ("2000::/3",)


def union(*sets: Intervals) -> Intervals:
    """Add interval sets up."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pair for one in sets for pair in one):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def intersect(one: Intervals, other: Intervals) -> Intervals:
    """Return what two interval sets share."""
    shared: list[tuple[int, int]] = []
    i = j = 0
    while i < len(one) and j < len(other):
        low, high = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if low <= high:
            shared.append((low, high))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(shared)


def subtract(one: Intervals, other: Intervals) -> Intervals:
    """Return what the first set has and the second lacks."""
    left: list[tuple[int, int]] = []
    j = 0
    for low, high in one:
        while j < len(other) and other[j][1] < low:
            j += 1
        k, start = j, low
        while k < len(other) and other[k][0] <= high:
            if other[k][0] > start:
                left.append((start, other[k][0] - 1))
            start = other[k][1] + 1
            k += 1
        if start <= high:
            left.append((start, high))
    return tuple(left)


def size(one: Intervals) -> int:
    """Count the values of a set."""
    return sum(high - low + 1 for low, high in one)


def holds(one: Intervals, value: int) -> bool:
    """Say whether a value is in the set."""
    at = bisect_right(one, (value, LAST[V6])) - 1
    return at >= 0 and one[at][0] <= value <= one[at][1]


class PortSet(msgspec.Struct, frozen=True):
    """A set of port numbers, 0 to 65535."""

    ranges: Intervals = ()
    """Inclusive ranges, sorted."""

    @classmethod
    def of(cls, *ranges: tuple[int, int] | int) -> Self:
        """Make a set from ports and inclusive ranges; raise BadInput for a port that cannot be."""
        pairs = [(r, r) if isinstance(r, int) else r for r in ranges]
        for low, high in pairs:
            if not 0 <= low <= high <= LAST_PORT:
                raise BadInput(f"{low}-{high} is not a range of ports;", "expected 0 to 65535, low first")
        return cls(union(tuple(pairs)))

    @classmethod
    def every(cls) -> Self:
        """Return all ports."""
        return cls(((0, LAST_PORT),))

    def __or__(self, other: PortSet) -> PortSet:
        return PortSet(union(self.ranges, other.ranges))

    def __and__(self, other: PortSet) -> PortSet:
        return PortSet(intersect(self.ranges, other.ranges))

    def __sub__(self, other: PortSet) -> PortSet:
        return PortSet(subtract(self.ranges, other.ranges))

    def __contains__(self, port: int) -> bool:
        return holds(self.ranges, port)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __str__(self) -> str:
        return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.ranges) or "none"

    def covers(self, other: PortSet) -> bool:
        """Say whether every port of the other set is in this one."""
        return not subtract(other.ranges, self.ranges)

    def size(self) -> int:
        """Count the ports."""
        return size(self.ranges)

    def is_everything(self) -> bool:
        """Say whether these are all ports."""
        return self.ranges == ((0, LAST_PORT),)


class IpSet(msgspec.Struct, frozen=True):
    """A set of IPv4 and IPv6 addresses."""

    v4: Intervals = ()
    """IPv4 addresses as numbers."""
    v6: Intervals = ()
    """IPv6 addresses as numbers."""

    @classmethod
    def from_cidrs(cls, cidrs: Iterable[str]) -> Self:
        """Make a set from networks and addresses of both families; raise BadInput naming a bad one."""
        families: dict[int, list[tuple[int, int]]] = {V4: [], V6: []}
        for text in cidrs:
            version, low, high = _network(text)
            families[version].append((low, high))
        return cls(union(tuple(families[V4])), union(tuple(families[V6])))

    @classmethod
    def every(cls) -> Self:
        """Return all addresses of both families."""
        return cls(((0, LAST[V4]),), ((0, LAST[V6]),))

    def __or__(self, other: IpSet) -> IpSet:
        if other is self:
            return self
        return IpSet(union(self.v4, other.v4), union(self.v6, other.v6))

    def __and__(self, other: IpSet) -> IpSet:
        if other is self:
            return self
        return IpSet(intersect(self.v4, other.v4), intersect(self.v6, other.v6))

    def __sub__(self, other: IpSet) -> IpSet:
        if other is self:
            return IpSet()
        return IpSet(subtract(self.v4, other.v4), subtract(self.v6, other.v6))

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def family(self, version: int) -> Intervals:
        """Return the intervals of one family: 4 or 6."""
        return self.v4 if version == V4 else self.v6

    def covers(self, other: IpSet) -> bool:
        """Say whether every address of the other set is in this one."""
        return not (other - self)

    def size(self, version: int) -> int:
        """Count the addresses of one family: 4 or 6."""
        return size(self.family(version))

    def is_everything(self, version: int) -> bool:
        """Say whether these are all addresses of a family: 4 or 6."""
        return self.family(version) == ((0, LAST[version]),)

    def is_internet(self, version: int) -> bool:
        """Say whether every address that a peer on the internet can have is here, for 4 or 6.

        Private and reserved ranges may be missing: a rule for all but 10.0.0.0/8 is open to the internet.
        """
        return not subtract(internet().family(version), self.family(version))

    def cidrs(self) -> tuple[str, ...]:
        """Return the fewest networks that make this set, IPv4 first."""
        v4 = (_summary(ipaddress.IPv4Address, pair) for pair in self.v4)
        v6 = (_summary(ipaddress.IPv6Address, pair) for pair in self.v6)
        return tuple(text for part in (*v4, *v6) for text in part)


@lru_cache(maxsize=1)
def internet() -> IpSet:
    """Return all addresses that are globally reachable (IANA special-purpose address registries)."""
    every = IpSet(((0, LAST[V4]),), IpSet.from_cidrs(_INTERNET_V6).v6)
    return every - IpSet.from_cidrs((*_NOT_INTERNET_V4, *_NOT_INTERNET_V6))


@lru_cache(maxsize=16384)
def _network(text: str) -> tuple[int, int, int]:
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as problem:
        raise BadInput(f"{text[:80]!r} is not an address or network:", str(problem)[:120]) from None
    return network.version, int(network.network_address), int(network.broadcast_address)


def _summary(make: type[ipaddress.IPv4Address | ipaddress.IPv6Address], pair: tuple[int, int]) -> list[str]:
    ends = [make(pair[0]), make(pair[1])]
    return [str(network) for network in ipaddress.summarize_address_range(*ends)]
