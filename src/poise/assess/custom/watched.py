"""Makes checks of watched queries: an asset of the first block that the query finds is unhealthy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import msgspec

from poise import __version__
from poise.assess.custom.definition import id_of
from poise.graph.explorer.forms import to_text
from poise.model.asset import Asset
from poise.model.check import Check, Fix
from poise.model.errors import UsageError
from poise.model.inventory import Inventory
from poise.model.kinds import by_kind
from poise.model.query import Block, Condition, Every, Not, Property, Some
from poise.model.saved_query import SavedQuery
from poise.model.verdict import Verdict, healthy, unhealthy, unknown


@dataclass(frozen=True)
class Knowledge:
    """What the graph says of a watched query."""

    found: frozenset[str] = frozenset()
    """Ids of the assets that it finds for certain."""
    possible: frozenset[str] = frozenset()
    """Ids of those that it may find, if unread facts are so."""
    gap: str = ""
    """Why nothing can be said of the others; empty if they are healthy."""

    @property
    def digest(self) -> bytes:
        """What decides verdicts."""
        told = (sorted(self.found), sorted(self.possible), self.gap)
        return hashlib.sha256(msgspec.msgpack.encode(told)).digest()


UNASKED = Knowledge(gap="the graph was not asked yet: scan again")


def checks(saved: SavedQuery, known: Knowledge = UNASKED) -> Iterator[Check]:
    """Yield the check of a watched query, one for each kind of asset that its first block names.

    Raises :class:`UsageError` if it names none.
    """
    watch = saved.watch
    if watch is None:
        return
    kinds = kinds_of(saved)
    for kind in kinds:
        name = saved.name if len(kinds) == 1 else f"{saved.name}_{kind.__name__.lower()}"
        rule = _Rule(saved, known)
        yield Check(
            id=id_of(name, kind.PROVIDER),
            title=watch.title,
            asset=kind,
            severity=watch.severity,
            since=__version__,
            source="",
            evaluate=rule.judge,
            fix=Fix(console=watch.fix, cli="", terraform=""),
            examples=(),
            risk=watch.risk,
            rule_text=rule.text,
            digest=hashlib.sha256(rule.text.encode() + known.digest).digest(),
        )


def kinds_of(saved: SavedQuery) -> tuple[type[Asset], ...]:
    """Return the kinds of assets that a watched query judges; raises :class:`UsageError` if there are none."""
    patterns = [pattern.lower().replace("[", "[[]") for pattern in saved.query.find.kinds]
    found = [
        record for kind, record in sorted(by_kind().items()) if any(fnmatchcase(kind.lower(), p) for p in patterns)
    ]
    if not found:
        raise UsageError(
            f"{saved.name} names no kind of asset in its first block, so it cannot be watched.",
            "Begin it with a kind: find AWS::EC2::Instance where ...",
        )
    return tuple(found)


def missing(find: Block, problems: Mapping[str, str]) -> str:
    """Return why a query may not see everything: a kind that it names could not be listed; empty if all could."""
    for pattern in sorted(_patterns(find)):
        for kind, reason in sorted(problems.items()):
            if fnmatchcase(kind.lower(), pattern.lower()):
                return f"{kind} could not be listed: {reason}"
    return ""


class _Rule:
    """The rule of a watched query."""

    def __init__(self, saved: SavedQuery, known: Knowledge) -> None:
        self.text = to_text(saved.query)
        self._known = known
        self._asks_tags = asks_tags(saved.query.find.where)

    def judge(self, asset: Asset, inventory: Inventory) -> Verdict:
        """Judge an asset by what the graph said; ``inventory`` says that it depends on others."""
        known = self._known
        if asset.id in known.found:
            return unhealthy(f"the watched query finds it: {self.text}")
        if "tags" in asset.unread and self._asks_tags:
            return unknown(f"tags was not read: {asset.unread['tags']}")
        if asset.id in known.possible:
            return unknown(f"something that decides whether the query finds it was not read: {self.text}")
        return unknown(known.gap) if known.gap else healthy("the watched query does not find it")


def _patterns(block: Block) -> Iterator[str]:
    yield from block.kinds or ("*",)
    for link in block.links:
        yield from _patterns(link.to)


def asks_tags(condition: Condition | None) -> bool:
    """Return whether a condition looks at tags: the graph does not know of which asset they were not read."""
    match condition:
        case Every(of=of) | Some(of=of):
            return any(asks_tags(each) for each in of)
        case Not(of=one):
            return asks_tags(one)
        case Property(name=name):
            return name.startswith("tag.")
    return False
