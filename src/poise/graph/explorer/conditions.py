"""Reads the conditions of a query's text form; the grammar stands in :mod:`poise.graph.explorer.parse`."""

from __future__ import annotations

from poise.graph.explorer.reader import Reader
from poise.graph.explorer.tokens import Sort
from poise.model.query import Condition, Every, HasFinding, Not, Operator, Property, Scalar, Some
from poise.model.verdict import Severity, State

MAX_DEPTH = 30
"""Deepest nesting of parentheses and `not`."""
_WORDS = {"contains": Operator.CONTAINS, "starts": Operator.STARTS, "ends": Operator.ENDS}


def condition(words: Reader, depth: int = 0) -> Condition:
    """Read alternatives joined by `or`."""
    if depth > MAX_DEPTH:
        raise words.wrong(f"conditions are nested more than {MAX_DEPTH} deep.")
    found = [_every(words, depth)]
    while words.take("or"):
        found.append(_every(words, depth))
    return found[0] if len(found) == 1 else Some(tuple(found))


def _every(words: Reader, depth: int) -> Condition:
    found = [_unary(words, depth)]
    while words.take("and"):
        found.append(_unary(words, depth))
    return found[0] if len(found) == 1 else Every(tuple(found))


def _unary(words: Reader, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise words.wrong(f"conditions are nested more than {MAX_DEPTH} deep.")
    if words.take("not"):
        return Not(_unary(words, depth + 1))
    if words.take("("):
        inner = condition(words, depth + 1)
        words.expect(")")
        return inner
    if words.take_all("has", "finding"):
        return _finding(words)
    return _property(words)


def _finding(words: Reader) -> HasFinding:
    check: str | None = None
    severity: Severity | None = None
    risk: Severity | None = None
    state: State | None = State.UNHEALTHY
    more = words.take("(")
    while more:
        if words.take("check"):
            check = words.text("the id of a check")
        elif words.take("severity"):
            severity = words.one_of(Severity, "a severity")
        elif words.take("risk"):
            risk = words.one_of(Severity, "a risk level")
        else:
            words.expect("state", "check", "severity", "risk")
            state = None if words.take("any") else _state(words)
        more = words.expect(",", ")").text == ","
    return HasFinding(check, severity, risk, state)


def _state(words: Reader) -> State:
    return State(words.expect(State.UNHEALTHY.value, State.UNKNOWN.value).text)


def _property(words: Reader) -> Property:
    name = words.name("a property, `has finding`, `not` or `(`")
    if words.sort is Sort.SIGN:
        return Property(name, Operator(words.next().text), _value(words))
    if words.take("exists"):
        return Property(name, Operator.EXISTS, None)
    if words.take("in"):
        return Property(name, Operator.IN, _list(words))
    for word, operator in _WORDS.items():
        if words.take(word):
            if operator is not Operator.CONTAINS:
                words.expect("with")
            return Property(name, operator, words.text("a text"))
    return Property(name)


def _list(words: Reader) -> tuple[Scalar, ...]:
    words.expect("(")
    values = [_value(words)]
    while words.take(","):
        values.append(_value(words))
    words.expect(")")
    return tuple(values)


def _value(words: Reader) -> Scalar:
    if words.at("true", "false"):
        return words.next().text == "true"
    if words.sort is Sort.NUMBER:
        text = words.next().text
        return float(text) if "." in text else int(text)
    return words.text("a value")
