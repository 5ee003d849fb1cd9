"""The builder of the explorer: a form that holds a whole query, and the edits that its buttons ask for.

Each block is a card `c1`, `c2` ... with its fields (`c1.kinds`), its condition `c1.w` and parts of that (`c1.w.0`). An
edit is named by the button `do`: `condition:c1.w`, `finding:c1.w`, `group:c1.w`, `remove:c1.w.0`, `relation:1`,
`drop:2`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import msgspec

from poise.graph.explorer import forms
from poise.graph.explorer.check import MAX_DEPTH
from poise.graph.explorer.forms import Card, Cards
from poise.graph.explorer.write import scalar
from poise.model.errors import BadInput
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.query import (
    MAX_BLOCKS,
    Condition,
    Direction,
    EdgeFilter,
    Every,
    HasFinding,
    Not,
    Operator,
    Presence,
    Property,
    Query,
    Scalar,
    Some,
)
from poise.model.verdict import Severity, State

E = TypeVar("E", bound=StrEnum)
Fields = Mapping[str, Sequence[str]]
"""Field -> its values, as a form sends them."""
MOST_PARTS = 50
"""Parts of one group of conditions."""
NEW = Property("name", Operator.EXISTS, None)
"""What a new condition says until it is changed."""
_NUMBER = re.compile(r"-?\d{1,400}(\.\d{1,400})?", re.ASCII)
_TEXTUAL = (Operator.CONTAINS, Operator.STARTS, Operator.ENDS)


def edited(fields: Fields) -> Query:
    """Return the query of a form, with the edit that was asked for.

    Raises :class:`~poise.model.errors.BadInput` for what cannot be.
    """
    do = _first(fields, "do")
    dropped: set[int] = set()
    cards: list[Card] = []
    for number in range(1, MAX_BLOCKS + 1):
        if f"c{number}.kinds" not in fields:
            break
        parent = _whole(fields, f"c{number}.parent", 1) if number > 1 else None
        if do == f"drop:{number}" or parent in dropped:
            dropped.add(number)
            continue
        cards.append(_card(fields, number, parent, do))
        if do == f"relation:{number}":
            cards.append(Card(number=MAX_BLOCKS + 1, parent=number))
    shown = tuple(part for part in re.split(r"[,\s]+", _first(fields, "show")) if part)
    order, descending = _first(fields, "order"), bool(_first(fields, "descending"))
    limit = _whole(fields, "limit", 200)
    return forms.from_cards(Cards(cards=tuple(cards), show=shown, order=order, descending=descending, limit=limit))


def value_text(value: Scalar | tuple[Scalar, ...] | None) -> str:
    """Write the value of a condition as its field shows it: texts in quotes only if they look like something else."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(_one_text(each) for each in value)
    return _one_text(value)


def _one_text(value: Scalar) -> str:
    if not isinstance(value, str):
        return scalar(value)
    return value if value and _read(value) == value and "," not in value else json.dumps(value, ensure_ascii=False)


def _card(fields: Fields, number: int, parent: int | None, do: str) -> Card:
    at = f"c{number}"
    kinds = re.split(r"\s+or\s+|,", _first(fields, f"{at}.kinds").strip())
    least = _whole(fields, f"{at}.least", 1)
    card = Card(
        number=number,
        parent=parent,
        kinds=tuple(sorted({kind.strip() for kind in kinds if kind.strip() not in ("", "anything")})),
        where=_condition(fields, f"{at}.w", do, 0),
        alias=_first(fields, f"{at}.alias").strip(),
    )
    if parent is None:
        return card
    return msgspec.structs.replace(
        card,
        presence=_word(fields, f"{at}.presence", Presence, Presence.REQUIRED),
        direction=_word(fields, f"{at}.direction", Direction, Direction.OUT),
        edges=_edges(fields, at),
        least=least,
        most=max(least, _whole(fields, f"{at}.most", 1)),
    )


def _edges(fields: Fields, at: str) -> EdgeFilter:
    port = _first(fields, f"{at}.port").strip()
    return EdgeFilter(
        kinds=_words(fields, f"{at}.edge", EdgeKind),
        states=_words(fields, f"{at}.state", EdgeState) or EdgeFilter().states,
        capabilities=_words(fields, f"{at}.gives", Capability),
        port=int(port) if port.isdigit() and len(port) <= 5 else None,
    )


def _condition(fields: Fields, at: str, do: str, depth: int) -> Condition | None:
    """Return the condition at a place; None if there is none, or it is to go."""
    sort = _first(fields, f"{at}.is")
    if depth > MAX_DEPTH or do == f"remove:{at}":
        return None
    if sort in ("all", "any"):
        found: Condition | None = _group(fields, at, do, depth)
    elif sort == "finding":
        found = _finding(fields, at)
    elif sort == "property":
        found = _property(fields, at)
    else:
        return None
    return Not(found) if found is not None and _first(fields, f"{at}.not") else found


def _group(fields: Fields, at: str, do: str, depth: int) -> Condition | None:
    parts = [_condition(fields, f"{at}.{number}", do, depth + 1) for number in range(MOST_PARTS)]
    kept = [part for part in parts if part is not None]
    added: dict[str, Condition] = {"condition": NEW, "finding": HasFinding(), "group": Some((NEW, NEW))}
    kept += [one for what, one in added.items() if do == f"{what}:{at}"]
    if not kept:
        return None
    return Some(tuple(kept)) if _first(fields, f"{at}.is") == "any" else Every(tuple(kept))


def _finding(fields: Fields, at: str) -> HasFinding:
    state = _first(fields, f"{at}.state")
    return HasFinding(
        check=_first(fields, f"{at}.check").strip() or None,
        severity=next(iter(_words(fields, f"{at}.severity", Severity)), None),
        risk=next(iter(_words(fields, f"{at}.risk", Severity)), None),
        state=None if state == "any" else _word(fields, f"{at}.state", State, State.UNHEALTHY),
    )


def _property(fields: Fields, at: str) -> Property:
    name = _first(fields, f"{at}.name").strip()
    operator = _word(fields, f"{at}.op", Operator, Operator.EQUAL)
    text = _first(fields, f"{at}.value").strip()
    if operator is Operator.EXISTS:
        return Property(name, operator, None)
    if operator is Operator.IN:
        return Property(name, operator, tuple(_listed(text)))
    if operator in _TEXTUAL:
        value = _read(text) if text.startswith('"') else text
        return Property(name, operator, str(value))
    return Property(name, operator, _read(text) if text else True)


def _listed(text: str) -> Iterator[Scalar]:
    """Yield the values of a list; commas in quotes separate nothing."""
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^,]+', text):
        if part.strip():
            yield _read(part.strip())


def _read(text: str) -> Scalar:
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except json.JSONDecodeError:
            raise BadInput(f"The value {text} has no end.", 'A text in quotes ends with ".') from None
    return text


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _whole(fields: Fields, name: str, otherwise: int) -> int:
    text = _first(fields, name).strip()
    return int(text) if text.isdigit() and len(text) < 7 else otherwise


def _words(fields: Fields, name: str, kind: type[E]) -> frozenset[E]:
    known = {member.value: member for member in kind}
    return frozenset(known[text] for text in fields.get(name, ()) if text in known)


def _word(fields: Fields, name: str, kind: type[E], otherwise: E) -> E:
    return next(iter(_words(fields, name, kind)), otherwise)
