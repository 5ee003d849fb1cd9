"""Whether packets get from one place to another: one answer for all clouds.

A way is a list of hops, each a filter, route or address. A hop knows what it lets through for sure and what it
lets through at most; they differ where an input was not read. Closed comes first: where the hops that were read
leave nothing, it does not matter what the others say.

*The internet* as a source is somebody who may have any of its addresses. A way for a few of them is no way for
everyone: it counts as open if more than a sliver of a family gets through. A list of blocked addresses before
"allow all" closes nothing, a rule for one office opens nothing; what gets through is told in either case.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from poise.policy.answer import Reason, Unread
from poise.policy.intervals import V4, V6, IpSet, PortSet, internet
from poise.policy.traffic import Traffic

SLIVER = 256
"""One part in so many of the internet: an IPv4 /8 has that size."""
WITH_PORTS = ("tcp", "udp", "sctp")


class Decision(enum.StrEnum):
    """The three answers to: do packets get there?"""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    """An input that could turn the answer was not read, or cannot be understood."""


class End(enum.Enum):
    """Whose addresses a hop looks at."""

    SOURCE = "source"
    TARGET = "target"


@dataclass(frozen=True)
class Clause:
    """One rule of a hop."""

    reason: Reason
    admits: bool
    traffic: Traffic
    """What it is about."""


@dataclass(frozen=True)
class Hop:
    """A filter, route or address on the way."""

    end: End
    sure: Traffic
    """What gets through for certain."""
    most: Traffic
    """What gets through if everything that was not read lets it."""
    otherwise: Reason
    """Why it is closed where no clause says so."""
    clauses: Callable[[], Iterable[Clause]] = field(default=tuple)
    """Its rules, made when they are asked for."""
    unread: tuple[Unread, ...] = ()
    """Inputs without which it cannot be said."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Whether something is reached, at which ports, by whom, and what decided."""

    decision: Decision
    because: tuple[Reason, ...] = ()
    """The deciding rules at each hop, from the source to the target."""
    protocol: str = "tcp"
    ports: PortSet = PortSet()
    """Ports that are open, or may be if the decision is unknown."""
    sources: IpSet = IpSet()
    """Addresses that get through at some port, also where they are too few to call it open."""
    targets: IpSet = IpSet()
    """Addresses that are reached at some port; all if the way does not tell them apart."""
    unread: tuple[Unread, ...] = ()
    """Inputs that were not read and could turn the answer."""

    @property
    def is_open(self) -> bool:
        """Whether packets get through for certain."""
        return self.decision is Decision.OPEN


class Networks(msgspec.Struct, frozen=True):
    """An end that is no asset: addresses, or the internet."""

    addresses: IpSet
    is_internet: bool = False
    """Whether this is anybody on the internet, not these addresses in particular."""


def the_internet() -> Networks:
    """Return the internet as an end."""
    return Networks(internet(), is_internet=True)


@dataclass(frozen=True)
class Asked:
    """The packets that a question is about."""

    sources: IpSet
    targets: IpSet
    ports: PortSet
    protocol: str = "tcp"
    internet: End | None = None
    """The end that is the internet at large, of which a sliver is not enough; None if both ends are named."""

    def flow(self) -> Flow:
        """Return all that is asked about."""
        return Flow(Traffic.between(self.ports, self.sources), Traffic.between(self.ports, self.targets))


@dataclass(frozen=True)
class Flow:
    """What is left of a question after some hops. Filters look at one end each, so the ends are independent."""

    sources: Traffic
    targets: Traffic

    def through(self, end: End, passed: Traffic) -> Flow:
        """Return what is left after one more hop."""
        if end is End.SOURCE:
            return Flow(self.sources & passed, self.targets)
        return Flow(self.sources, self.targets & passed)

    def open_ports(self, wide: End | None = None) -> PortSet:
        """Return the ports at which both ends are left, in the same family; ``wide`` is the end to be the internet."""
        found = PortSet()
        for ports, sources in self.sources.parts:
            for others, targets in self.targets.parts:
                if _is_passable(sources, targets, wide):
                    found = found | (ports & others)
        return found


def judge(asked: Asked, hops: Sequence[Hop]) -> Reach:
    """Follow a question through the hops of a way."""
    sure, most = followed(asked, hops)
    certain, possible = sure.open_ports(asked.internet), most.open_ports(asked.internet)
    if not possible:
        return _closed(asked, hops, sure)
    decision = Decision.OPEN if certain else Decision.UNKNOWN
    left, ports = (sure, certain) if certain else (most, possible)
    return Reach(
        decision=decision,
        because=_because(hops, left),
        protocol=asked.protocol,
        ports=ports,
        sources=left.sources.addresses,
        targets=left.targets.addresses,
        unread=() if certain == possible else _unread(hops),
    )


def followed(asked: Asked, hops: Iterable[Hop]) -> tuple[Flow, Flow]:
    """Return what is left of a question after all hops, for certain and at most; without reasons, and so quickly."""
    sure = most = asked.flow()
    for hop in hops:
        sure, most = sure.through(hop.end, hop.sure), most.through(hop.end, hop.most)
    return sure, most


def closed(text: str, source: str = "", protocol: str = "tcp") -> Reach:
    """Return a definite no."""
    return Reach(decision=Decision.CLOSED, because=(Reason(text, source=source),), protocol=protocol)


def unknown(input: str, reason: str, protocol: str = "tcp") -> Reach:
    """Return that it cannot be said, for one input."""
    gap = Unread(input, reason)
    return Reach(decision=Decision.UNKNOWN, because=(unread_reason(gap),), protocol=protocol, unread=(gap,))


def any_of(ways: Iterable[Reach], nothing: Reach) -> Reach:
    """Return what several ways come to: one that is open is enough. ``nothing`` is the answer if there is no way."""
    by_decision: dict[Decision, list[Reach]] = {decision: [] for decision in Decision}
    for way in ways:
        by_decision[way.decision].append(way)
    for decision in (Decision.OPEN, Decision.UNKNOWN, Decision.CLOSED):
        if by_decision[decision]:
            gaps = [gap for way in by_decision[Decision.UNKNOWN] for gap in way.unread]
            return _together(by_decision[decision], gaps)
    return nothing


def in_turn(first: Reach, then: Reach) -> Reach:
    """Return what two ways come to that are taken one after the other: the ports are those of the second."""
    for decision in (Decision.CLOSED, Decision.UNKNOWN):
        for way in (first, then):
            if way.decision is decision:
                return way
    because = (*first.because, *then.because)
    return msgspec.structs.replace(then, because=because, sources=first.sources, unread=(*first.unread, *then.unread))


def unread_reason(gap: Unread) -> Reason:
    """Say that something was not read, as a person reads it."""
    return Reason(f"{gap.input} was not read: {gap.reason}", source=gap.input)


def barrier(end: End, reason: Reason) -> Hop:
    """Return a hop that lets nothing through."""
    return Hop(end, Traffic(), Traffic(), reason)


def unread_hop(end: End, gap: Unread) -> Hop:
    """Return a hop of which nothing is known."""
    return Hop(end, Traffic(), Traffic.every(), unread_reason(gap), unread=(gap,))


def _together(ways: Sequence[Reach], gaps: Iterable[Unread]) -> Reach:
    first = ways[0]
    ports, sources, targets = first.ports, first.sources, first.targets
    for way in ways[1:]:
        ports, sources, targets = ports | way.ports, sources | way.sources, targets | way.targets
    return Reach(
        decision=first.decision,
        because=tuple(dict.fromkeys(reason for way in ways for reason in way.because)),
        protocol=first.protocol,
        ports=ports,
        sources=sources,
        targets=targets,
        unread=tuple(dict.fromkeys((*(gap for way in ways for gap in way.unread), *gaps))),
    )


def _is_passable(sources: IpSet, targets: IpSet, wide: End | None) -> bool:
    for family in (V4, V6):
        if sources.family(family) and targets.family(family):
            at = {End.SOURCE: sources, End.TARGET: targets, None: None}[wide]
            if at is None or (at & internet()).size(family) * SLIVER >= internet().size(family):
                return True
    return False


def _closed(asked: Asked, hops: Sequence[Hop], left: Flow) -> Reach:
    """Name the hops that close the way alone; if it takes several together, all of them."""
    alone = [hop for hop in hops if not asked.flow().through(hop.end, hop.most).open_ports(asked.internet)]
    because = tuple(reason for hop in alone or hops for reason in _refusals(asked, hop))
    some = left.open_ports()
    if some:
        few = left.sources if asked.internet is End.SOURCE else left.targets
        because = (*because, Reason(f"only {_few(few.addresses)} of the internet gets through, at {some}"))
    sources = left.sources.addresses if some else IpSet()
    targets = left.targets.addresses if some else IpSet()
    return Reach(decision=Decision.CLOSED, because=because, protocol=asked.protocol, sources=sources, targets=targets)


def _refusals(asked: Asked, hop: Hop) -> tuple[Reason, ...]:
    flow = asked.flow()
    at = flow.sources if hop.end is End.SOURCE else flow.targets
    denials = tuple(clause.reason for clause in hop.clauses() if not clause.admits and clause.traffic & at)
    return denials or (hop.otherwise,)


def _because(hops: Iterable[Hop], left: Flow) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for hop in hops:
        at = left.sources if hop.end is End.SOURCE else left.targets
        found += [clause.reason for clause in hop.clauses() if clause.admits and clause.traffic & at]
        found += [unread_reason(gap) for gap in hop.unread if not hop.sure.covers(at)]
    return tuple(dict.fromkeys(found))


def _unread(hops: Iterable[Hop]) -> tuple[Unread, ...]:
    return tuple(dict.fromkeys(gap for hop in hops for gap in hop.unread))


def _few(addresses: IpSet, most: int = 5) -> str:
    texts = addresses.cidrs()
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more networks" if len(texts) > most else "")
