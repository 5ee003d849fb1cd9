"""Regular expressions in linear time: a set of states walks over the text, nothing is tried twice.

Takes what RE2 takes and people write: literals, `.`, classes, `\\d \\w \\s`, groups, `|`, `* + ? {m,n}`, `^ $`. A
pattern with anything else is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Test = Callable[[str], bool]
LONGEST = 1000
MOST_STATES = 2000
MOST_WORK = 5_000_000
"""States times characters."""
QUANTIFIER = re.compile(r"[*+?]\??|\{(\d{1,3})(,?)(\d{0,3})\}\??")
LETTERS: dict[str, Test] = {
    "d": lambda c: c in "0123456789",
    "w": lambda c: c == "_" or (c.isascii() and c.isalnum()),
    "s": lambda c: c in "\t\n\f\r ",
}
CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
START, END, SPLIT, DONE = "start", "end", "split", "done"
Link = list[int]


class _Strange(Exception):
    """The pattern holds what the automaton does not take."""


class _State:
    """A state: a test of one character, or a passage that takes none."""

    __slots__ = ("kind", "links", "test")

    def __init__(self, kind: str | None, test: Test | None, links: Link) -> None:
        self.kind, self.test, self.links = kind, test, links


def search(pattern: str, text: str) -> bool | None:
    """Say whether a part of the text matches; None if that is not judged."""
    automaton = _compiled(pattern)
    if automaton is None or len(automaton[0]) * (len(text) + 1) > MOST_WORK:
        return None
    states, first = automaton
    current: set[int] = set()
    for at in range(len(text) + 1):
        current = _spread(states, current | {first}, at == 0, at == len(text))
        if any(states[one].kind == DONE for one in current):
            return True
        if at < len(text):
            current = {states[one].links[0] for one in current if (t := states[one].test) and t(text[at])}
    return False


def _spread(states: list[_State], start: set[int], at_start: bool, at_end: bool) -> set[int]:
    found: set[int] = set()
    todo = list(start)
    while todo:
        one = todo.pop()
        if one in found:
            continue
        found.add(one)
        kind = states[one].kind
        if kind == SPLIT or (kind == START and at_start) or (kind == END and at_end):
            todo.extend(states[one].links)
    return found


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> tuple[list[_State], int] | None:
    if len(pattern) > LONGEST:
        return None
    builder = _Builder(pattern)
    try:
        first = builder.whole()
    except _Strange:
        return None
    return builder.states, first


class _Builder:
    """Reads a pattern and builds states back to front: each part is told what follows it."""

    def __init__(self, pattern: str) -> None:
        self.states: list[_State] = []
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    def whole(self) -> int:
        """Build all, and return the first state."""
        build = self._either()
        if self._at < len(self._pattern):
            raise _Strange
        return build(self._add(DONE, None, []))

    def _add(self, kind: str | None, test: Test | None, links: Link) -> int:
        if len(self.states) >= MOST_STATES:
            raise _Strange
        self.states.append(_State(kind, test, links))
        return len(self.states) - 1

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _either(self) -> Callable[[int], int]:
        self._depth += 1
        if self._depth > 50:
            raise _Strange
        ways = [self._row()]
        while self._peek() == "|":
            self._at += 1
            ways.append(self._row())
        self._depth -= 1
        if len(ways) == 1:
            return ways[0]
        return lambda after: self._add(SPLIT, None, [way(after) for way in ways])

    def _row(self) -> Callable[[int], int]:
        parts: list[Callable[[int], int]] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))

        def build(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return build

    def _repeated(self, part: Callable[[int], int]) -> Callable[[int], int]:
        found = QUANTIFIER.match(self._pattern, self._at)
        if found is None:
            if self._peek() == "{":
                raise _Strange
            return part
        self._at = found.end()
        if QUANTIFIER.match(self._pattern, self._at):
            raise _Strange
        sign = found.group()[0]
        if sign != "{":
            return self._times(part, int(sign == "+"), 1 if sign == "?" else None)
        low = int(found.group(1))
        high = int(found.group(3)) if found.group(3) else (None if found.group(2) else low)
        if high is not None and high < low:
            raise _Strange
        return self._times(part, low, high)

    def _times(self, part: Callable[[int], int], low: int, high: int | None) -> Callable[[int], int]:
        def build(after: int) -> int:
            if high is None:
                loop = self._add(SPLIT, None, [after])
                self.states[loop].links.append(part(loop))
                after = loop
            else:
                leave = after
                for _ in range(high - low):
                    after = self._add(SPLIT, None, [part(after), leave])
            for _ in range(low):
                after = part(after)
            return after

        return build

    def _atom(self) -> Callable[[int], int]:
        sign = self._peek()
        self._at += 1
        if sign == "(":
            return self._group()
        if sign in "^$":
            kind = START if sign == "^" else END
            return lambda after: self._add(kind, None, [after])
        if sign in "*+?{":
            raise _Strange
        test = self._test(sign)
        return lambda after: self._add(None, test, [after])

    def _group(self) -> Callable[[int], int]:
        if self._peek() == "?":
            if self._pattern[self._at : self._at + 2] != "?:":
                raise _Strange
            self._at += 2
        build = self._either()
        if self._peek() != ")":
            raise _Strange
        self._at += 1
        return build

    def _test(self, sign: str) -> Test:
        if sign == ".":
            return lambda c: c != "\n"
        if sign == "[":
            return self._class()
        return self._escaped() if sign == "\\" else (lambda c: c == sign)

    def _escaped(self) -> Test:
        mark = self._peek()
        self._at += 1
        if mark.lower() in LETTERS and mark:
            inner = LETTERS[mark.lower()]
            return inner if mark.islower() else (lambda c: not inner(c))
        literal = CONTROL.get(mark, mark)
        if not mark or (literal == mark and mark.isalnum()):
            raise _Strange
        return lambda c: c == literal

    def _class(self) -> Test:
        negated = self._peek() == "^"
        self._at += int(negated)
        tests: list[Test] = []
        while self._peek() != "]" or not tests:
            tests.append(self._range())
        self._at += 1
        return lambda c: any(test(c) for test in tests) is not negated

    def _range(self) -> Test:
        low = self._peek()
        self._at += 1
        if not low or (low == "[" and self._peek() in ":.="):
            raise _Strange
        if low == "\\":
            return self._escaped()
        if self._peek() != "-" or self._pattern[self._at + 1 : self._at + 2] in ("]", ""):
            return lambda c: c == low
        high = self._pattern[self._at + 1]
        self._at += 2
        if high in "\\[" or high < low:
            raise _Strange
        return lambda c: low <= c <= high
