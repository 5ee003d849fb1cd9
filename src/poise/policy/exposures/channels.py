"""One way by which somebody outside may reach an asset, and what is unknown about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from poise.model.asset import Asset
from poise.model.errors import BadInput, NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason


class Channel(NamedTuple):
    """One way."""

    title: str
    """What people call it: `Key policy`."""
    exposure: Exposure
    """How far it is open."""


Judge = Callable[[Any, Inventory], Iterator[Channel]]
"""Yields the ways to an asset; may raise NotCollected where a fact that names further ways was not read."""


def way(title: str, judge: Callable[[], Exposure]) -> Channel:
    """Return one way; unknown where a fact that decides was not read, or cannot be understood."""
    try:
        return Channel(title, judge())
    except NotCollected as gap:
        return Channel(title, unread(gap))
    except BadInput as problem:
        return Channel(title, Exposure(Level.UNKNOWN, (Reason(f"it cannot be understood: {problem.what}"),)))


def is_read(judge: Judge, asset: Asset, inventory: Inventory) -> Iterator[Channel]:
    """Yield the ways of a judge, and that there may be more where one could not be told."""
    try:
        yield from judge(asset, inventory)
    except NotCollected as gap:
        yield Channel("Further ways", unread(gap))


def unread(gap: NotCollected) -> Exposure:
    """Return that it cannot be said."""
    return Exposure(Level.UNKNOWN, (Reason(f"{gap.field} was not read: {gap.reason}", source=gap.field),))


def said(level: Level, text: str, source: str = "") -> Exposure:
    """Return an exposure with one reason."""
    return Exposure(level, (Reason(text, source=source),))


def to_accounts(named: tuple[str, ...], actions: tuple[str, ...], source: str) -> Exposure:
    """Return that some are let in by name."""
    grants = tuple(
        Grant(Audience.ACCOUNT, one, actions, Reason(f"{source} names {one}", source=source)) for one in named
    )
    return Exposure(Level.RESTRICTED, tuple(grant.because for grant in grants), grants)
