"""Why a score changed: the difference between two moments, split into parts that add up.

The parts are applied in a fixed order, each over the ones before it:

1. **scope**: accounts that came or went, whole;
2. **assets**: assets that came, went or changed, and verdicts that time or a neighbour turned;
3. **checks**: checks that came, went, moved or were switched on or off, and verdicts that other code or other
   parameters gave to assets that had not changed;
4. **exemptions**: waivers and mitigations that began or ended;
5. **grace**: grace periods that began or ended.

A part is the score after it minus the score before it. So the sum is the difference, whatever the formula is.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from poise.model.finding import AssetRef, Effect
from poise.model.judged import Scoring
from poise.model.moments import AssetChange, AssetThen, Comparison, Rulebook, ScopeKey, VerdictThen
from poise.model.verdict import State
from poise.score.estate import DISABLED, Estate, Worth

EXCEPTIONS = frozenset({State.UNHEALTHY, State.UNKNOWN})
EXEMPT = frozenset({Effect.WAIVED, Effect.MITIGATED})


class Part(enum.StrEnum):
    """What a score changed by."""

    SCOPE = "scope"
    ASSETS = "assets"
    CHECKS = "checks"
    EXEMPTIONS = "exemptions"
    GRACE = "grace"


class Cause(msgspec.Struct, frozen=True):
    """One verdict that counts in another way because of one part."""

    part: Part
    asset: AssetRef
    check: str
    before: str | None
    """Where it was counted: a state, or an effect that took it out; None if it was not there."""
    after: str | None


class Split(msgspec.Struct, frozen=True):
    """The estate before, and after each part; and what each part did."""

    before: Estate
    after: Mapping[Part, Estate]
    causes: tuple[Cause, ...]
    moved: tuple[Moved, ...]


class Moved(msgspec.Struct, frozen=True):
    """A check that is scored in another way, on assets of which nothing else differs."""

    check: str
    before: str
    after: str
    assets: int


Stage = tuple[Worth, Scoring] | None
"""What an asset is worth, and the facts of checks that it is counted with; None while it is not there."""


def split(compared: Comparison) -> Split:
    """Apply the parts one after the other."""
    estates = [Estate() for _ in range(len(Part) + 1)]
    for alike in compared.same:
        worth = {check: (bucket, risk) for check, bucket, risk in alike.buckets}
        for place, estate in enumerate(estates):
            facts = (compared.before if place <= ASSETS_AT else compared.after).facts
            estate.add(alike.scope, worth, facts, alike.criticality).times(alike.count)
    moved = _moved(compared)
    causes: list[Cause] = []
    for change in compared.changes:
        stages = _stages(compared, change)
        for estate, stage in zip(estates, stages, strict=True):
            if stage is not None:
                estate.add(change.scope, stage[0], stage[1], change.criticality).times()
        for place, part in enumerate(Part):
            causes += _causes(part, change.asset, stages[place], stages[place + 1])
    return Split(estates[0], dict(zip(Part, estates[1:], strict=True)), tuple(causes), moved)


def _moved(compared: Comparison) -> tuple[Moved, ...]:
    found: Counter[tuple[str, str, str]] = Counter()
    for alike in compared.same:
        for check, _, _ in alike.buckets:
            before, after = _role(check, compared.before.facts), _role(check, compared.after.facts)
            if before != after:
                found[check, before, after] += alike.count
    return tuple(Moved(*key, count) for key, count in sorted(found.items()))


ASSETS_AT = list(Part).index(Part.ASSETS) + 1
"""The last stage that is counted with the check facts of before."""


def state_of(compared: Comparison) -> Estate:
    """Return the counts of the first moment alone."""
    estate = Estate()
    for alike in compared.same:
        worth = {check: (bucket, risk) for check, bucket, risk in alike.buckets}
        estate.add(alike.scope, worth, compared.before.facts, alike.criticality).times(alike.count)
    for change in compared.changes:
        if change.before is not None:
            worth = _worth(change.before.verdicts, compared.before, change.scope)
            estate.add(change.scope, worth, compared.before.facts, change.criticality).times()
    return estate


def _stages(compared: Comparison, change: AssetChange) -> list[Stage]:
    scope = change.scope
    first = _stage(change.before, compared.before, scope)
    last = _stage(change.after, compared.after, scope)
    if scope not in compared.scopes_before or scope not in compared.scopes_after:
        return [first, *[last] * len(Part)]
    if change.after is None:
        return [first, first, *[None] * (len(Part) - 1)]
    mixed = _Mixed(compared, change)
    return [
        first,
        first,
        (_worth(mixed.of_assets(), compared.before, scope), compared.before.facts),
        (_worth(mixed.of_checks(), compared.after, scope), compared.after.facts),
        (_worth(mixed.of_exemptions(), compared.after, scope), compared.after.facts),
        last,
    ]


@dataclass(frozen=True)
class _Mixed:
    """The verdicts of an asset that is there at the end, with only some of the parts applied."""

    compared: Comparison
    change: AssetChange

    @property
    def _old(self) -> Mapping[str, VerdictThen]:
        return self.change.before.verdicts if self.change.before else {}

    @property
    def _new(self) -> Mapping[str, VerdictThen]:
        return self.change.after.verdicts if self.change.after else {}

    def of_assets(self) -> dict[str, VerdictThen]:
        """Verdicts that assets turned, with the effects of before, by the checks of before."""
        known = self.compared.before.facts
        found = {}
        for check, old in self._old.items():
            new = self._new.get(check)
            if check in self.change.by_checks or (new is None and check not in self.compared.after.facts):
                found[check] = old
            elif new is not None:
                found[check] = VerdictThen(new.state, old.effect, _risk(old, new))
        for check, new in self._new.items():
            came = check not in self._old and check in known and check not in self.change.by_checks
            if came:
                found[check] = VerdictThen(new.state, Effect.COUNTED, new.risk)
        return found

    def of_checks(self) -> dict[str, VerdictThen]:
        """All verdicts of after, with the effects of before."""
        return {
            check: VerdictThen(new.state, self._old[check].effect if check in self._old else Effect.COUNTED, new.risk)
            for check, new in self._new.items()
        }

    def of_exemptions(self) -> dict[str, VerdictThen]:
        """All verdicts of after, with the exemptions of after and the grace of before."""
        found = {}
        for check, new in self._new.items():
            was = self._old[check].effect if check in self._old else Effect.COUNTED
            effect = new.effect if new.effect in EXEMPT else Effect.GRACE if was is Effect.GRACE else Effect.COUNTED
            found[check] = VerdictThen(new.state, effect, new.risk)
        return found


def _risk(old: VerdictThen, new: VerdictThen) -> int:
    return new.risk or old.risk


def _stage(then: AssetThen | None, rules: Rulebook, scope: ScopeKey) -> Stage:
    return None if then is None else (_worth(then.verdicts, rules, scope), rules.facts)


def _worth(verdicts: Mapping[str, VerdictThen], rules: Rulebook, scope: ScopeKey) -> dict[str, tuple[str, int]]:
    return {check: _counted(verdict, rules.is_off(check, scope)) for check, verdict in verdicts.items()}


def _counted(verdict: VerdictThen, is_off: bool) -> tuple[str, int]:
    if is_off:
        return DISABLED, 0
    if verdict.state in EXCEPTIONS:
        if verdict.effect is not Effect.COUNTED:
            return verdict.effect.value, 0
        return verdict.state.value, verdict.risk
    return verdict.state.value, 0


def _causes(part: Part, asset: AssetRef, before: Stage, after: Stage) -> list[Cause]:
    old, new = before[0] if before else {}, after[0] if after else {}
    found = []
    for check in sorted(old.keys() | new.keys()):
        if old.get(check) != new.get(check):
            was, becomes = old.get(check), new.get(check)
            found.append(Cause(part, asset, check, was[0] if was else None, becomes[0] if becomes else None))
    if before and after:
        found += [
            Cause(part, asset, check, _role(check, before[1]), _role(check, after[1]))
            for check in sorted(new.keys() & old.keys())
            if old[check] == new[check] and _role(check, before[1]) != _role(check, after[1])
        ]
    return found


def _role(check: str, facts: Scoring) -> str:
    """Return how a check is scored, for one that was moved."""
    known = facts.get(check)
    if known is None or known.control is None:
        return "not scored"
    return "preview" if known.is_preview else known.control
