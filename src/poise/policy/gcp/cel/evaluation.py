"""Evaluating an expression when not everything is known.

An expression that needs something unknown gives :class:`Unknown`. As a condition it is judged on two rails, where it
is true and where it is false: both can be open, and neither holds where it fails, as a failure is not false.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from poise.policy.gcp.cel.arithmetic import NO_OVERLOAD, has_key, item, minus, operate
from poise.policy.gcp.cel.functions import apply, call
from poise.policy.gcp.cel.tree import INFIX, Call, Has, ListOf, Literal, Macro, MapOf, Name, Node, Select, path_of
from poise.policy.gcp.cel.values import Failure, Type, Unknown, is_missing
from poise.policy.residual import Truth, all_of, any_of, condition

MOST_STEPS = 50_000
NAMES_OF_TYPES = ("bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type")
TYPES = {name: Type(name) for name in NAMES_OF_TYPES}
TAGGED = {"matchTag": 2, "matchTagId": 2, "hasTagKey": 1, "hasTagKeyId": 1}
"""Functions on the tags of a resource, with how many arguments each takes."""
LOGIC = frozenset({"&&", "||", "!", "?:"})


class Tags(msgspec.Struct, frozen=True):
    """Tags of an asset, inherited ones included."""

    names: Mapping[str, str] = {}
    """`123/env` or `project/env` -> `prod`."""
    ids: Mapping[str, str] = {}
    """`tagKeys/123` -> `tagValues/456`."""


class Facts(msgspec.Struct, frozen=True):
    """What is known of a request."""

    known: Mapping[str, Any]
    """Dotted path of an attribute -> its value."""
    roots: frozenset[str] = frozenset()
    """First names of attributes that may be there though they are not known."""
    api: Mapping[str, Any] = {}
    """Attributes that `api.getAttribute` returns."""
    tags: Tags | None = None
    """None: not known."""
    is_complete: bool = False
    """Whether whatever is not given is missing."""


class Judged(msgspec.Struct, frozen=True):
    """Where a condition is true, and where it is false."""

    true: Truth
    false: Truth


class Open(msgspec.Struct, frozen=True):
    """The test of a condition that is left over: a node that must be true, or false."""

    node: Node
    wanted: bool


def evaluate(node: Node, facts: Facts) -> Any:
    """Return the value of an expression, a Failure, or an Unknown."""
    return _Evaluator(facts).value(node, {})


def judge(node: Node, facts: Facts) -> Judged:
    """Return where an expression is true and where it is false."""
    return _Evaluator(facts).judged(node, {})


def settled(test: Open, facts: Facts) -> bool:
    """Return whether a left-over condition holds, given facts that suffice."""
    value = evaluate(test.node, facts)
    return isinstance(value, bool) and value is test.wanted


Locals = Mapping[str, Any]


class _Evaluator:
    """One evaluation, with its budget of steps."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._steps = 0

    def judged(self, node: Node, local: Locals) -> Judged:
        """Judge an expression as a condition."""
        if isinstance(node, Call) and node.function in LOGIC:
            return self._logic(node, [self.judged(part, local) for part in node.arguments])
        value = self.value(node, local)
        if isinstance(value, Unknown):
            text = str(node)
            return Judged(condition(text, Open(node, True)), condition(f"!({text})", Open(node, False)))
        return Judged(value is True, value is False)

    def _logic(self, node: Call, parts: list[Judged]) -> Judged:
        if node.function == "!":
            return Judged(parts[0].false, parts[0].true)
        if node.function == "&&":
            return Judged(all_of(p.true for p in parts), any_of(p.false for p in parts))
        if node.function == "||":
            return Judged(any_of(p.true for p in parts), all_of(p.false for p in parts))
        asked, yes, no = parts
        true = any_of((all_of((asked.true, yes.true)), all_of((asked.false, no.true))))
        false = any_of((all_of((asked.true, yes.false)), all_of((asked.false, no.false))))
        return Judged(true, false)

    def value(self, node: Node, local: Locals) -> Any:
        """Evaluate an expression."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            return Unknown("more work than is allowed")
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, (Name, Select)):
            return self._path(node, local)
        if isinstance(node, Call):
            return self._call(node, local)
        if isinstance(node, ListOf):
            return self._listed([self.value(part, local) for part in node.items])
        if isinstance(node, MapOf):
            return self._mapped(node, local)
        if isinstance(node, Has):
            return self._has(node, local)
        return self._macro(node, local)

    def _path(self, node: Name | Select, local: Locals) -> Any:
        path = path_of(node)
        first = path.partition(".")[0]
        if path and first not in local:
            found = self._attribute(path)
            if found is not None or path in self._facts.known:
                return found
        if isinstance(node, Name):
            if node.name in local:
                return local[node.name]
            return TYPES.get(node.name, Failure(f"undeclared reference to {node.name!r}"))
        base = self.value(node.base, local)
        if is_missing(base):
            return base
        return item(base, node.field) if isinstance(base, dict) else NO_OVERLOAD

    def _attribute(self, path: str) -> Any:
        """Return an attribute, what stands for it, or None if the path is none."""
        facts = self._facts
        if path in facts.known:
            return facts.known[path]
        at = path
        while at := at.rpartition(".")[0]:
            if at in facts.known:
                return None
        if path.partition(".")[0] not in facts.roots:
            return None
        return Failure(f"{path} is missing") if facts.is_complete else Unknown(path)

    def _listed(self, items: list[Any]) -> Any:
        return next((one for one in _failed_first(items)), items)

    def _mapped(self, node: MapOf, local: Locals) -> Any:
        keys = [self.value(key, local) for key, _ in node.entries]
        values = [self.value(value, local) for _, value in node.entries]
        for one in _failed_first([*keys, *values]):
            return one
        if any(isinstance(key, (float, list, dict)) or key is None for key in keys):
            return Failure("unsupported key type")
        if len(set(map(repr, keys))) < len(keys):
            return Failure("Failed with repeated key")
        return dict(zip(keys, values, strict=True))

    def _has(self, node: Has, local: Locals) -> Any:
        path = path_of(node.of)
        if path in self._facts.known:
            return True
        base = self.value(node.of.base, local)
        if isinstance(base, Unknown):
            return False if self._facts.is_complete else Unknown(str(node))
        if isinstance(base, Failure):
            in_reach = path.partition(".")[0] in self._facts.roots and self._facts.is_complete
            return False if in_reach else base
        return has_key(base, node.of.field) if isinstance(base, dict) else NO_OVERLOAD

    def _call(self, node: Call, local: Locals) -> Any:
        name = node.function
        if name in LOGIC:
            return self._logical_value(node, local)
        if node.target is not None and name in TAGGED and path_of(node.target) == "resource":
            return self._tag(node, local)
        if name == "getAttribute" and node.target is not None and path_of(node.target) == "api":
            return self._api(node, local)
        arguments = [self.value(part, local) for part in node.arguments]
        target = None if node.target is None else self.value(node.target, local)
        for one in _failed_first([*arguments, *(() if node.target is None else (target,))]):
            return one
        if node.target is not None:
            return call(name, target, arguments)
        if name == "-u":
            return minus(arguments[0])
        if name in OPERATORS:
            return operate(name, arguments[0], arguments[1])
        return apply(name, arguments)

    def _logical_value(self, node: Call, local: Locals) -> Any:
        parts = [self.value(part, local) for part in node.arguments]
        if node.function == "!":
            return _not(parts[0])
        if node.function == "?:":
            return _chosen(parts)
        stop = node.function == "||"
        if any(part is stop for part in parts):
            return stop
        for kind in (Unknown, Failure):
            if found := next((part for part in parts if isinstance(part, kind)), None):
                return found
        return (not stop) if all(part is (not stop) for part in parts) else NO_OVERLOAD

    def _tag(self, node: Call, local: Locals) -> Any:
        arguments = [self.value(part, local) for part in node.arguments]
        if len(arguments) != TAGGED[node.function] or not all(isinstance(one, str) for one in arguments):
            return next((one for one in _failed_first(arguments)), NO_OVERLOAD)
        tags = self._facts.tags
        if tags is None:
            return False if self._facts.is_complete else Unknown("tags of the resource")
        held = tags.ids if node.function.endswith("Id") else tags.names
        return arguments[0] in held if len(arguments) == 1 else held.get(arguments[0]) == arguments[1]

    def _api(self, node: Call, local: Locals) -> Any:
        arguments = [self.value(part, local) for part in node.arguments]
        for one in _failed_first(arguments):
            return one
        if len(arguments) != 2 or not isinstance(arguments[0], str):
            return NO_OVERLOAD
        if arguments[0] in self._facts.api:
            return self._facts.api[arguments[0]]
        return arguments[1] if self._facts.is_complete else Unknown(str(node))

    def _macro(self, node: Macro, local: Locals) -> Any:
        items = self.value(node.range, local)
        if is_missing(items):
            return items
        if not isinstance(items, (list, dict)):
            return NO_OVERLOAD
        found = [self.value(node.body, {**local, node.variable: one}) for one in items]
        if node.kind in ("map", "filter"):
            return self._collected(node, list(items), found, local)
        if node.kind == "exists_one":
            return next((one for one in _failed_first(found)), sum(one is True for one in found) == 1)
        stop = node.kind == "exists"
        if any(one is stop for one in found):
            return stop
        return next((one for one in _unknown_first(found)), _all_are(found, not stop))

    def _collected(self, node: Macro, items: list[Any], found: list[Any], local: Locals) -> Any:
        tests = found if node.kind == "filter" else [True] * len(items)
        if node.condition is not None:
            tests = [self.value(node.condition, {**local, node.variable: one}) for one in items]
            found = [one if test is True else None for one, test in zip(found, tests, strict=True)]
        for one in _failed_first([*tests, *(found if node.kind == "map" else ())]):
            return one
        if not all(isinstance(test, bool) for test in tests):
            return NO_OVERLOAD
        kept = items if node.kind == "filter" else found
        return [one for one, test in zip(kept, tests, strict=True) if test]


OPERATORS = INFIX | {"[]"}


def _all_are(found: list[Any], wanted: bool) -> Any:
    return wanted if all(one is wanted for one in found) else NO_OVERLOAD


def _failed_first(values: list[Any]) -> list[Any]:
    """Return what is missing, failures before unknowns: what needs all of them fails, whatever comes."""
    missing = [one for one in values if is_missing(one)]
    return sorted(missing, key=lambda one: isinstance(one, Unknown))[:1]


def _unknown_first(values: list[Any]) -> list[Any]:
    """Return what is missing, unknowns before failures: one that comes can still outweigh a failure."""
    missing = [one for one in values if is_missing(one)]
    return sorted(missing, key=lambda one: isinstance(one, Failure))[:1]


def _not(value: Any) -> Any:
    if is_missing(value):
        return value
    return (not value) if isinstance(value, bool) else NO_OVERLOAD


def _chosen(parts: list[Any]) -> Any:
    asked, yes, no = parts
    if is_missing(asked):
        return asked
    if not isinstance(asked, bool):
        return NO_OVERLOAD
    return yes if asked else no
