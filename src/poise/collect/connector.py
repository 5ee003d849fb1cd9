"""What `app` asks of any connector, whatever the cloud and the door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from poise.collect.facts import EXPECTED, Found, Piece
from poise.model.asset import Asset, Json
from poise.model.errors import NotRead
from poise.model.listing import Collected, Gap, Listing, PartitionKey, Read, Scope


class Connector(Protocol):
    """Reads scopes of one provider through one door.

    The order of use: ``scopes``, then ``partitions`` of each, then ``read`` of each, from several threads.
    """

    @property
    def source(self) -> str:
        """The door, as assets and partitions name it: ``aws``, ``files:PATH``, ``demo``."""
        ...

    def scopes(self) -> Sequence[Scope]:
        """Return the accounts, subscriptions or projects that can be read.

        Raises :class:`CredentialsError` if nobody is signed in.
        """
        ...

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return what is read and written as one, for a scope."""
        ...

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls that reading a partition may make."""
        ...

    def read(self, key: PartitionKey) -> Collected:
        """Read a partition. Problems are gaps in the result, never an exception, except refused credentials."""
        ...


def gather(
    key: PartitionKey,
    pieces: Iterable[Piece],
    reads: Sequence[Read],
    read_at: datetime,
    expected: frozenset[str] = EXPECTED,
) -> Collected:
    """Collect what a service module yields into the unit that is stored.

    Equal problems are counted together. Of two listings of one kind the worse stands. ``expected`` are the codes of
    problems that never make a run incomplete.
    """
    assets: dict[str, Asset] = {}
    raw: dict[str, dict[str, Json]] = {}
    listings: dict[str, Listing] = {}
    problems: Counter[tuple[str, str, str]] = Counter()
    for piece in pieces:
        if isinstance(piece, Found):
            assets[piece.asset.id] = piece.asset
            raw[piece.asset.id] = dict(piece.raw)
        elif isinstance(piece, NotRead):
            problems[piece.call, piece.code, piece.reason] += 1
        elif piece.kind not in listings or _RANK[piece.state] > _RANK[listings[piece.kind].state]:
            listings[piece.kind] = piece
    gaps = (_gap(key, problem, count, reads, expected) for problem, count in problems.items())
    return Collected(key, tuple(assets.values()), tuple(listings.values()), tuple(gaps), read_at, raw=raw)


_RANK = {"complete": 0, "not_offered": 1, "partial": 2, "denied": 3}


EXPECTED_OF_EXPORTS = EXPECTED | {"incomplete"}
"""An export may be older than the newest fields of an answer."""


def _gap(
    key: PartitionKey, problem: tuple[str, str, str], count: int, reads: Sequence[Read], expected: frozenset[str]
) -> Gap:
    call, code, reason = problem
    permission = next((read.permission for read in reads if read.call == call), "")
    denied = NotRead(call, code, reason).is_denied
    return Gap(key.service, call, reason, permission if denied else "", code in expected, count)
