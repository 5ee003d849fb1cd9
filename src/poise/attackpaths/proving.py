"""Proves a fix: the records are changed on a copy, the graph is built again where they count, the search runs again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from poise.attackpaths.analysis import Analysis, analyse
from poise.attackpaths.facts import Facts
from poise.attackpaths.fix import Change
from poise.attackpaths.path import AttackPath
from poise.model.asset import Asset
from poise.model.graph import EdgeKind, EdgeState

Changed = Mapping[str, Asset | None]
"""Id -> the record as it would be; None where the asset is removed."""
Build = Callable[[Changed], Facts]
"""Builds the graph of the estate with some records changed."""
RIGHTS = (EdgeKind.HAS_PERMISSION, EdgeKind.CAN_ASSUME, EdgeKind.CAN_AUTHENTICATE_AS, EdgeKind.MEMBER_OF)


class Loss(msgspec.Struct, frozen=True):
    """Something that somebody could do before and cannot any more."""

    who: str
    what: str
    to: str
    last_used: str = ""
    """When the principal was used last, as the provider says; empty if that was not read."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What changes would do."""

    paths_before: int
    """Ways, of the findings that are looked at."""
    paths_after: int
    closes_one: bool
    """Whether one of the findings that are looked at goes, though other ways between its ends may be left."""
    findings_before: int
    findings_after: int
    closed: tuple[AttackPath, ...]
    """Findings that go."""
    left: tuple[AttackPath, ...]
    """Findings with ways left, of those that are looked at."""
    opened: tuple[AttackPath, ...]
    """Findings that are new."""
    targets_cleared: tuple[str, ...]
    """Nodes that no path reaches any more."""
    losses: tuple[Loss, ...]

    @property
    def is_proven(self) -> bool:
        """Whether the ways are gone and no new ones are there."""
        return self.paths_after == 0 and not self.opened

    @property
    def verdict(self) -> str:
        """Return `verified`, `insufficient` (some ways are left), `opens` or `no effect`."""
        if self.opened:
            return "opens"
        if self.paths_after == 0:
            return "verified"
        return "insufficient" if self.closes_one or self.paths_after < self.paths_before else "no effect"


@dataclass(frozen=True)
class Prover:
    """An estate that was searched, and how to build it again."""

    found: Analysis
    build: Build

    def try_out(self, changes: Iterable[Change], about: Sequence[AttackPath] = ()) -> Outcome:
        """Return what changes would do to some findings, none: to all."""
        return self.compare({one.before.id: one.after for one in changes}, about)

    def compare(self, changed: Changed, about: Sequence[AttackPath] = ()) -> Outcome:
        """Return what changed records would do."""
        facts = self.build(changed)
        return outcome(self.found, analyse(facts, self.found.choices, self.found.priors), about)


def outcome(before: Analysis, after: Analysis, about: Sequence[AttackPath] = ()) -> Outcome:
    """Compare two searches; a way between the same ends of the same classes counts as left, by whatever steps."""
    looked_at = tuple(about) or before.paths
    ends = {_ends(path) for path in looked_at}
    known = {path.id for path in before.paths}
    pairs = {pair for path in before.paths for pair in _pairs(path)}
    left = tuple(path for path in after.paths if _touches(path, looked_at, ends))
    opened = tuple(path for path in after.paths if path.id not in known and not _pairs(path) <= pairs)
    present = {path.id for path in after.paths}
    reached = {node for path in after.paths for node in path.stages[-1].nodes}
    cleared = {node for path in before.paths for node in path.stages[-1].nodes} - reached
    return Outcome(
        paths_before=sum(path.count for path in looked_at),
        paths_after=sum(path.count for path in left),
        closes_one=any(path.id not in present for path in looked_at),
        findings_before=len(before.paths),
        findings_after=len(after.paths),
        closed=tuple(path for path in before.paths if path.id not in present),
        left=left,
        opened=opened,
        targets_cleared=tuple(sorted(cleared)),
        losses=tuple(losses(before.facts, after.facts)),
    )


def _ends(path: AttackPath) -> tuple[str, str, str, str]:
    return path.signature.entry, path.places.entry, path.signature.target, path.places.target


def _pairs(path: AttackPath) -> frozenset[tuple[str, str]]:
    """Return who starts and what is reached: new steps between ends that were joined before open nothing."""
    return frozenset((start, end) for start in path.stages[0].nodes for end in path.stages[-1].nodes)


def _touches(path: AttackPath, looked_at: Sequence[AttackPath], ends: set[tuple[str, str, str, str]]) -> bool:
    """Say whether a path leads from the same entries to one of the same targets."""
    if _ends(path) not in ends:
        return False
    return any(_pairs(path) & _pairs(one) for one in looked_at if _ends(one) == _ends(path))


def losses(before: Facts, after: Facts) -> Iterator[Loss]:
    """Yield what principals could do before and cannot any more, by principal."""
    for kind in RIGHTS:
        left = {(e.source, e.target, e.capability, a) for e in after.of(kind) for a in (*e.actions, "")}
        for edge in before.of(kind):
            if edge.state is EdgeState.UNKNOWN:
                continue
            gone = [a for a in edge.actions or ("",) if (edge.source, edge.target, edge.capability, a) not in left]
            if gone:
                used = before.insight(edge.source, "last_used")
                what = ", ".join(filter(None, gone)) or kind.value
                yield Loss(before.name(edge.source), what, before.name(edge.target), str(used or ""))
