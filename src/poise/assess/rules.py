"""Prepares checks for running: which arguments each wants, which phase it belongs to, which values are set."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from poise.model.asset import Asset
from poise.model.check import Check
from poise.model.errors import UsageError
from poise.model.inventory import Inventory
from poise.model.judged import Phase
from poise.model.verdict import Verdict

Run = Callable[[Asset], Verdict]


@dataclass(frozen=True)
class Settings:
    """Values that a tenant set: check id -> parameter -> value, for everything and per scope."""

    everywhere: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    by_scope: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    def values(self, check: Check, scope: str) -> dict[str, Any]:
        """Return the value of every parameter of a check in a scope, each validated."""
        chosen = dict(self.everywhere.get(check.id, {})) | dict(self.by_scope.get(scope, {}).get(check.id, {}))
        known = {parameter.name: parameter for parameter in check.parameters}
        for name in chosen:
            if name not in known:
                raise UsageError(f"{check.id} has no parameter {name!r}.", f"It has: {', '.join(known) or 'none'}.")
        return {name: parameter.validated(chosen.get(name, parameter.default)) for name, parameter in known.items()}


@dataclass(frozen=True)
class Rule:
    """A check that is ready to run."""

    check: Check
    phase: Phase
    wants_now: bool

    def bound(self, scope: str, settings: Settings, now: datetime, inventory: Inventory | None) -> Run:
        """Return the rule as a function of the asset alone."""
        arguments = settings.values(self.check, scope)
        if self.wants_now:
            arguments["now"] = now
        if self.phase is Phase.NEIGHBOURS:
            arguments["inventory"] = inventory
        return partial(self.check.evaluate, **arguments) if arguments else self.check.evaluate


def prepare(check: Check) -> Rule:
    """Read from the signature of ``evaluate`` what it wants.

    Raises :class:`UsageError` if an argument is neither ``inventory``, ``now`` nor a declared parameter.
    """
    names = _arguments(check.evaluate)
    declared = {parameter.name for parameter in check.parameters}
    for name in names:
        if name not in declared | {"inventory", "now"}:
            raise UsageError(f"{check.id}: evaluate wants {name!r}, which is not a declared parameter.")
    unused = declared - set(names)
    if unused:
        raise UsageError(f"{check.id}: evaluate does not take its parameter {', '.join(sorted(unused))}.")
    phase = Phase.NEIGHBOURS if "inventory" in names else Phase.OWN
    return Rule(check, phase, wants_now="now" in names)


@lru_cache(maxsize=4096)
def _arguments(rule: Callable[..., Verdict]) -> tuple[str, ...]:
    """Return the names of what a rule wants beside the asset; each scan asks for those of all checks."""
    return tuple(inspect.signature(rule).parameters)[1:]


def by_kind(checks: Iterable[Check]) -> dict[tuple[str, Phase], tuple[Rule, ...]]:
    """Group checks by the kind they judge and the phase they run in, each group in order of id."""
    groups: dict[tuple[str, Phase], list[Rule]] = defaultdict(list)
    for check in sorted(checks, key=lambda c: c.id):
        rule = prepare(check)
        groups[check.asset.KIND, rule.phase].append(rule)
    return {key: tuple(rules) for key, rules in groups.items()}
