"""Makes findings of ways: one for each signature and place, with counts, members and a title."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from poise.attackpaths.counting import Counted, Counter, Filter
from poise.attackpaths.path import AttackPath, Bounds, Places, Signature, Stage, path_id, pivot_of
from poise.attackpaths.searching import Search, Way, distinct
from poise.attackpaths.steps import RANK, State, Taken
from poise.attackpaths.table import Flags, Ints
from poise.attackpaths.titles import title_of
from poise.model.graph import EdgeState
from poise.model.verdict import Severity

if TYPE_CHECKING:
    from poise.attackpaths.analysis import Analysis
    from poise.attackpaths.collapsing import Folded

MOST_LOOKS, LEAST_LOOKS = 400_000, 400
"""Ends of ways that are looked at in all, and for each target at least."""
MOST_PIVOTS = 32
"""Pivots to one target that are told apart."""
NOWHERE = -1
"""No choke point."""


class Look(NamedTuple):
    """What one way looks like: ways that look the same are counted together."""

    entry: int
    signs: tuple[int, ...]
    scopes: tuple[int, ...]
    pivot: int
    """Class of the first principal that is taken over; -1 if none is."""
    position: int
    """Stage of the pivot; -1 if there is none."""
    target: int


class Finder:
    """Makes the findings of one analysis."""

    def __init__(self, found: Analysis, folded: Folded, search: Search) -> None:
        self._found = found
        self._folded = folded
        self._search = search
        self._states = found.numbered.states
        self._counter = Counter(found.table)
        self._alike = np.bincount(folded.of, minlength=len(self._states))
        self._of_class: dict[int, Ints] = {}
        self.left_out = 0
        """Kinds of ways that are no findings of their own, as cheaper ones of their target and pivot are."""
        scopes = [found.facts.scope(state.node) for state in self._states]
        self._scope_names, self._scope = _numbers(scopes)
        self._entry_names, self._entry = _numbers([found.entries.get(s, "") for s in self._states])
        self._target_names, self._target = _numbers([found.targets.get(s, "") for s in self._states])

    def paths(self) -> tuple[AttackPath, ...]:
        """Return the findings, the riskiest first."""
        ends = self._ends()
        share = max(LEAST_LOOKS, MOST_LOOKS // max(1, len(ends)))
        looks = dict.fromkeys(look for end in ends for look in self._looks(end, share))
        parts: dict[str, list[AttackPath]] = {}
        for look in looks:
            path = self._path(look)
            if path is not None:
                parts.setdefault(path.id, []).append(path)
        found = (_joined(part) for part in parts.values())
        return tuple(sorted(found, key=lambda path: (-path.risk, path.id)))

    @property
    def bounds(self) -> Bounds:
        """Return what the last search left out."""
        ends = {self._states[end].node for end in self._search.bounded}
        return Bounds(self.left_out, tuple(sorted(ends)))

    def _ends(self) -> list[int]:
        number, of = self._found.numbered.number, self._folded.of
        ends = {int(of[number[state]]) for state in self._found.targets if state in number}
        return sorted(end for end in ends if self._search.reaches(end))

    def _looks(self, end: int, share: int) -> Iterator[Look]:
        limits = self._found.priors.limits
        ways = (way for way in self._search.ways(end, share) if not self._search.is_detour(way, end))
        found = distinct(ways, lambda way: self._look(way, end), limits.signatures_of_a_target * MOST_PIVOTS)
        if len(found) >= limits.signatures_of_a_target * MOST_PIVOTS:
            self._search.bounded.add(end)
        kept: dict[int, int] = {}
        chokes: set[int] = set()
        for way in found:
            look, choke = self._look(way, end), self._first_choke(way)
            kept[look.pivot] = kept.get(look.pivot, 0) + 1
            if kept[look.pivot] <= limits.signatures_of_a_target or choke not in chokes | {NOWHERE}:
                yield look
            else:
                self.left_out += 1
            chokes.add(choke)

    def _first_choke(self, way: Way) -> int:
        """Return the first state between the ends of a way that stands for itself alone."""
        inner = (int(self._search.table.target[row]) for row in way.rows[:-1])
        return next((state for state in inner if self._alike[state] == 1), NOWHERE)

    def _look(self, way: Way, end: int) -> Look:
        table = self._search.table
        states = [int(table.source[row]) for row in way.rows] + [end]
        pivot = pivot_of([self._states[n] for n in states])
        return Look(
            int(self._entry[states[0]]),
            tuple(int(table.sign[row]) for row in way.rows),
            tuple(int(self._scope[n]) for n in states),
            -1 if pivot is None else states[pivot],
            -1 if pivot is None else pivot,
            int(self._target[end]),
        )

    def _path(self, look: Look) -> AttackPath | None:
        counted = self._counter.count(self._members(look.target), look.signs, self._filters(look))
        if counted is None:
            return None
        states = self._chain(counted)
        signature = Signature(
            self._entry_names[look.entry],
            tuple(self._found.numbered.signs[n] for n in look.signs),
            self._pivot_name(look.pivot),
            self._target_names[look.target],
        )
        scopes = [self._scope_names[n] for n in look.scopes]
        places = Places(scopes[0], scopes[-1], tuple(sorted(set(scopes) - {""})))
        return self._finding(signature, places, counted, states)

    def _members(self, target: int) -> Ints:
        """Return the states of a class of targets."""
        if target not in self._of_class:
            self._of_class[target] = np.flatnonzero(self._target == target).astype(np.int32)
        return self._of_class[target]

    def _filters(self, look: Look) -> list[Filter]:
        return [self._filter(look, n, n == look.position) for n in range(len(look.scopes))]

    def _filter(self, look: Look, stage: int, is_pivot: bool) -> Filter:
        def fits(states: Ints) -> Flags:
            found: Flags = self._scope[states] == look.scopes[stage]
            if stage == 0:
                found &= self._entry[states] == look.entry
            if is_pivot:
                found &= self._folded.of[states] == look.pivot
            return found

        return fits

    def _chain(self, counted: Counted) -> list[State]:
        table = self._found.table
        if not counted.rows:
            return [self._states[int(counted.stages[0][0])]]
        first = self._states[int(table.source[counted.rows[0]])]
        return [first, *(self._states[int(table.target[row])] for row in counted.rows)]

    def _pivot_name(self, pivot: int) -> str:
        if pivot < 0:
            return ""
        alike = int((self._folded.of == pivot).sum())
        state = self._states[pivot]
        facts = self._found.facts
        return state.node if alike == 1 else f"{facts.kind(state.node)} in {facts.scope(state.node)}"

    def _finding(self, signature: Signature, places: Places, counted: Counted, states: list[State]) -> AttackPath:
        found = self._found
        taken = tuple(found.numbered.taken[int(found.rows[row])] for row in counted.rows)
        cost = sum(float(found.table.cost[row]) for row in counted.rows)
        chance = math.exp(-cost) * found.priors.entries[signature.entry]
        risk = 100 * chance * found.priors.targets[signature.target]
        state = max((t.step.state for t in taken), key=RANK.__getitem__, default=EdgeState.CERTAIN)
        level = found.priors.level(risk)
        if state is EdgeState.UNKNOWN and level is Severity.CRITICAL:
            level = Severity.HIGH
        stages = tuple(
            Stage(one, tuple(sorted({self._states[int(n)].node for n in members})))
            for one, members in zip(states, counted.stages, strict=True)
        )
        return AttackPath(
            id=path_id(signature, places),
            title=title_of(found.facts, signature, stages),
            signature=signature,
            places=places,
            risk=round(risk, 2),
            level=level,
            chance=chance,
            state=state,
            count=round(counted.count),
            steps=taken,
            stages=stages,
            sides=tuple(self._sides(taken)),
        )

    def _sides(self, taken: Iterable[Taken]) -> Iterator[tuple[Taken, ...]]:
        """Yield the cheapest way to each further state that a step needs."""
        found = self._found
        number, of = found.numbered.number, self._folded.of
        for one in taken:
            for state in one.step.also:
                way = next(self._search.ways(int(of[number[state]]), LEAST_LOOKS), None)
                rows = way.rows if way else ()
                yield tuple(found.numbered.taken[int(found.rows[self._folded.row[row]])] for row in rows)


def _numbers(words: Sequence[str]) -> tuple[list[str], Ints]:
    names = sorted(set(words))
    number = {word: n for n, word in enumerate(names)}
    return names, np.array([number[word] for word in words], np.int32)


def _joined(parts: list[AttackPath]) -> AttackPath:
    """Join ways of one finding that run through its scopes in different orders."""
    best = max(parts, key=lambda path: (path.risk, path.count))
    return msgspec.structs.replace(best, count=sum(path.count for path in parts))
