"""Turns a definition into a check: compiles its rules, answers `unknown` where a fact that they name is unread."""

from __future__ import annotations

import hashlib
import re
import typing
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

import msgspec

from poise import __version__
from poise.assess.custom.definition import CustomExample, Definition, id_of
from poise.model.asset import IDENTITY, Asset, build, field_types, replace
from poise.model.check import Check, Example, Fix
from poise.model.errors import BadInput
from poise.model.kinds import by_kind
from poise.model.samples.ordinary import ordinary
from poise.model.verdict import Verdict, healthy, not_applicable, unhealthy, unknown

NOW = "now"
"""Variable that holds the time of the assessment."""
RECHECK = timedelta(days=1)
"""How long a verdict that depends on the time stands."""
_NOW = re.compile(r"\bnow\b")
_TYPES: Mapping[Any, str] = {str: "string", bool: "bool", int: "int", float: "double", datetime: "timestamp"}


class Compiled(msgspec.Struct, frozen=True):
    """What compiling a rule found."""

    uses: frozenset[str]
    """Names of the variables that the rule reads."""


class Evaluator(Protocol):
    """Compiles and evaluates expressions, within bounds on time and memory."""

    def compile(self, rule: str, variables: Mapping[str, str]) -> Compiled:
        """Compile an expression that gives a truth value, over variables of the given types.

        Raises :class:`BadInput` with line and column.
        """
        ...

    def evaluate(self, rule: str, variables: Mapping[str, str], values: Mapping[str, Any]) -> bool:
        """Evaluate a compiled expression; raises :class:`~poise.model.errors.PoiseError` if it fails."""
        ...


def check(name: str, definition: Definition, evaluator: Evaluator) -> Check:
    """Return the check of a definition, whose rules are compiled when they are first needed.

    Raises :class:`BadInput` that says what is wrong with it, and where; :func:`compile_rules` tells of the rules.
    """
    kind = by_kind().get(definition.kind)
    if kind is None:
        raise BadInput(
            f"{name}: {definition.kind!r} is no kind.", "`poise checks list` shows the kinds that there are."
        )
    rule = _Rule(kind, definition, evaluator)
    return Check(
        id=id_of(name, kind.PROVIDER),
        title=definition.title,
        asset=kind,
        severity=definition.severity,
        since=__version__,
        source=definition.source,
        evaluate=rule.timed if rule.may_ask_time else rule.timeless,
        fix=Fix(console=definition.fix, cli="", terraform=""),
        examples=tuple(_example(kind, example) for example in definition.examples),
        risk=definition.risk,
        rule_text="\n".join(definition.rules),
        digest=hashlib.sha256(msgspec.json.encode(definition, order="sorted")).digest(),
    )


def compile_rules(kind: type[Asset], definition: Definition, evaluator: Evaluator) -> None:
    """Compile the rules of a definition; raises :class:`BadInput` with line and column for one that does not."""
    for rule in definition.rules:
        evaluator.compile(rule, variables(kind))


def variables(kind: type[Asset]) -> dict[str, str]:
    """Return the variables that a rule on a kind may name, each with its type in CEL."""
    facts = {f"asset.{name}": _type(expected) for name, expected in field_types(kind).items()}
    return {f"asset.{name}": "string" for name in IDENTITY} | facts | {NOW: "timestamp"}


class _Rule:
    """The compiled rules of one definition."""

    def __init__(self, kind: type[Asset], definition: Definition, evaluator: Evaluator) -> None:
        self._definition = definition
        self._evaluator = evaluator
        self._variables = variables(kind)

    @cached_property
    def _uses(self) -> Mapping[str, frozenset[str]]:
        """The variables that each rule reads; compiled when first asked, so that opening a store stays cheap."""
        rules = self._definition.rules
        return {rule: self._evaluator.compile(rule, self._variables).uses for rule in rules}

    @property
    def may_ask_time(self) -> bool:
        """Whether a rule holds the word `now`."""
        return any(_NOW.search(rule) for rule in self._definition.rules)

    @property
    def uses(self) -> frozenset[str]:
        """The variables that any of the rules reads."""
        return frozenset().union(*self._uses.values())

    def timeless(self, asset: Asset) -> Verdict:
        """Judge an asset."""
        return self._judge(asset, None)

    def timed(self, asset: Asset, now: datetime) -> Verdict:
        """Judge an asset at a moment; the verdict is asked for again a day later."""
        verdict = self._judge(asset, now)
        return msgspec.structs.replace(verdict, next_change_at=now + RECHECK)

    def _judge(self, asset: Asset, now: datetime | None) -> Verdict:
        definition = self._definition
        gap = self._gap(asset)
        if gap is not None:
            return gap
        if definition.applies_if and not self._holds(definition.applies_if, asset, now):
            return not_applicable(f"the rule concerns only assets where {definition.applies_if}")
        seen = self._values(definition.healthy_if, asset, None)
        if self._holds(definition.healthy_if, asset, now):
            return healthy(f"it holds that {definition.healthy_if}", seen)
        return unhealthy(definition.unhealthy_because or f"it does not hold that {definition.healthy_if}", seen)

    def _gap(self, asset: Asset) -> Verdict | None:
        for name in sorted(self.uses):
            reason = asset.unread.get(name.removeprefix("asset."))
            if reason is not None:
                return unknown(f"{name.removeprefix('asset.')} was not read: {reason}")
        return None

    def _holds(self, rule: str, asset: Asset, now: datetime | None) -> bool:
        return self._evaluator.evaluate(rule, self._variables, self._values(rule, asset, now))

    def _values(self, rule: str, asset: Asset, now: datetime | None) -> dict[str, Any]:
        facts = [name for name in sorted(self._uses[rule]) if name != NOW]
        values = {name: msgspec.to_builtins(getattr(asset, name.removeprefix("asset."))) for name in facts}
        return values | ({NOW: now.isoformat()} if now and NOW in self._uses[rule] else {})


def _type(expected: Any) -> str:
    if expected in _TYPES:
        return _TYPES[expected]
    origin = typing.get_origin(expected)
    if origin in (tuple, list, frozenset):
        return "list"
    if origin in (dict, Mapping):
        return "map"
    return "dyn"


def _example(kind: type[Asset], example: CustomExample) -> Example:
    """Make the asset of an example of the ordinary one; a fact that the kind lacks is an error."""
    base = ordinary(kind)
    known = {*IDENTITY, *field_types(kind)}
    for name in (*example.changes, *example.unread):
        if name not in known:
            raise BadInput(f"example {example.name!r}: {kind.KIND} has no fact {name!r}.")
    identity = {name: str(example.changes.get(name, getattr(base, name))) for name in IDENTITY}
    changes = {name: value for name, value in example.changes.items() if name not in IDENTITY}
    facts = msgspec.to_builtins({"tags": dict(base.tags), **base.known()}) | changes
    made = build(kind, identity, facts, {})
    for name in changes:
        if name in made.unread:
            raise BadInput(f"example {example.name!r}: {name} is {made.unread[name]}.")
    return Example(example.name, replace(made, unread=example.unread), example.state)
