"""Statements of a document by action, so that a question touches only those that can be about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from poise.policy import globs

REMEMBERED = 4096
"""Actions whose statements an index remembers."""


class ActionIndex:
    """Positions of statements by the actions that their patterns can match."""

    def __init__(self, patterns: Sequence[tuple[str, ...] | None]) -> None:
        """Index the `Action` patterns of statements; None: the statement has `NotAction` or neither."""
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._wild: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._asked: dict[str, list[int]] = {}
        self._always = [at for at, actions in enumerate(patterns) if actions is None]
        for at, actions in enumerate(patterns):
            self._add(at, actions or ())

    def about(self, action: str) -> list[int]:
        """Return the positions of the statements that can be about an action or a pattern, in order."""
        found = self._asked.get(action)
        if found is None:
            if len(self._asked) >= REMEMBERED:
                self._asked.clear()
            found = self._asked[action] = self._find(action)
        return found

    def _find(self, action: str) -> list[int]:
        if globs.is_wild(action):
            exact = [at for name, found in self._exact.items() if globs.matches(action, name) for at in found]
            wild = (pair for pairs in self._wild.values() for pair in pairs)
            return sorted({*self._always, *exact, *(at for p, at in wild if globs.overlaps(p, action))})
        service = action.partition(":")[0]
        pairs = (*self._wild.get(service, ()), *self._wild.get("", ()))
        found = {at for pattern, at in pairs if globs.matches(pattern, action)}
        return sorted({*self._always, *self._exact.get(action, ()), *found})

    def _add(self, at: int, actions: Iterable[str]) -> None:
        for action in actions:
            if not globs.is_wild(action):
                self._exact[action].append(at)
                continue
            service, colon, _ = action.partition(":")
            bucket = service if colon and not globs.is_wild(service) else ""
            self._wild[bucket].append((action, at))
