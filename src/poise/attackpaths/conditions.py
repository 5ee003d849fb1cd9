"""Which networks a condition asks for, read from its text: each way in which it can hold.

Texts are those of :class:`poise.policy.residual.Residual`: conditions such as `StringEquals aws:SourceVpce [vpce-1]`
in `not (...)`, `... and ...`, `... or ...`. What is not about a network asks for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

MOST = 16
"""Ways that are told apart; a condition with more counts as asking for nothing."""
Demand = frozenset[tuple[str, ...]]
"""Networks or end points that a call must come from: of each one of several."""
FREE: Demand = frozenset()
ATOM = re.compile(r"(?:ForA\w+:)?(?P<operator>[A-Za-z]+?)(?:IfExists)? aws:source-?vpce? \[(?P<values>[^\]]*)\]", re.I)
NOT = "not ("


@lru_cache(maxsize=4096)
def demands(condition: str) -> frozenset[Demand]:
    """Return each way in which a condition can hold, by the networks that it asks for; never none."""
    found = _ways(condition.strip(), is_wanted=True)
    if FREE in found or len(found) > MOST:
        return frozenset({FREE})
    return found


def _ways(text: str, *, is_wanted: bool) -> frozenset[Demand]:
    for word, needs_all in ((" and ", is_wanted), (" or ", not is_wanted)):
        parts = _split(text, word)
        if len(parts) > 1:
            ways = [_ways(part.strip(), is_wanted=is_wanted) for part in parts]
            return _product(ways) if needs_all else frozenset().union(*ways)
    if text.startswith(NOT) and _closes_last(text[len(NOT) - 1 :]):
        return _ways(text[len(NOT) : -1].strip(), is_wanted=not is_wanted)
    if text.startswith("(") and _closes_last(text):
        return _ways(text[1:-1].strip(), is_wanted=is_wanted)
    return _of_atom(text, is_wanted=is_wanted)


def _product(ways: Iterable[frozenset[Demand]]) -> frozenset[Demand]:
    found = frozenset({FREE})
    for some in ways:
        found = frozenset(one | other for one in found for other in some)
        if len(found) > MOST:
            return frozenset({FREE})
    return found


def _of_atom(text: str, *, is_wanted: bool) -> frozenset[Demand]:
    atom = ATOM.fullmatch(text)
    if atom is None or atom["operator"].lower() == "null" or ("not" in atom["operator"].lower()) is is_wanted:
        return frozenset({FREE})
    return frozenset({frozenset({tuple(one.strip() for one in atom["values"].split(","))})})


def _split(text: str, word: str) -> list[str]:
    """Split a text at a word that stands outside of brackets."""
    parts, depth, begun = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth == 0 and text.startswith(word, at):
            parts.append(text[begun:at])
            begun = at + len(word)
    return [*parts, text[begun:]]


def _closes_last(text: str) -> bool:
    """Say whether the bracket that a text begins with closes at its end."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth == 0:
            return at == len(text) - 1
    return False
