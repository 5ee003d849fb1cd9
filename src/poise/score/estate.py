"""What scores are computed from, counted from assets one by one: the same as the stored roll-ups, of any moment.

An asset is counted once in each score control, by the worst of its scored verdicts there: unhealthy, unknown,
healthy, mitigated, not applicable. Verdicts of previews and of checks that are switched off count nowhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from poise.model.judged import CheckFacts
from poise.model.listings import ControlCounts, Counts, ScopeScore
from poise.model.moments import RiskShape, ScopeKey
from poise.model.verdict import Severity

Worth = Mapping[str, tuple[str, int]]
"""Check id -> where its verdict is counted (a state, or an effect that takes it out), and the rank of its risk."""
DISABLED = "disabled"
ORDER = ("unhealthy", "unknown", "healthy", "mitigated", "not_applicable")
IN_CONTROL = {"waived": "not_applicable", "grace": "not_applicable"}
RANKS = tuple(sorted((severity.rank for severity in Severity), reverse=True))
JUDGED = frozenset({"healthy", "unhealthy", "mitigated"})
CONTROL_STATES = ("healthy", "unhealthy", "not_applicable", "unknown", "mitigated")


@dataclass
class ScopeTally:
    """The counts of one scope."""

    controls: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    checks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    shapes: Counter[RiskShape] = field(default_factory=Counter)
    assets: int = 0
    scored: int = 0
    mitigated: int = 0


@dataclass
class Estate:
    """Counts of every scope."""

    scopes: dict[ScopeKey, ScopeTally] = field(default_factory=dict)

    def add(self, scope: ScopeKey, worth: Worth, facts: Mapping[str, CheckFacts], criticality: int) -> Adding:
        """Return what an asset adds, to be taken any number of times."""
        return Adding(self.scopes.setdefault(scope, ScopeTally()), worth, facts, criticality)

    def scores(self) -> tuple[ScopeScore, ...]:
        """Return the counts in the form in which the store gives those of now."""
        return tuple(_scope_score(key, self.scopes[key]) for key in sorted(self.scopes))

    def shapes(self) -> Counter[RiskShape]:
        """Return how many assets of each shape there are."""
        total: Counter[RiskShape] = Counter()
        for tally in self.scopes.values():
            total.update(tally.shapes)
        return total

    def check_counts(self, scopes: Collection[str]) -> dict[str, Counts]:
        """Return the counts of each check over the scopes that are named."""
        total: dict[str, Counter[str]] = defaultdict(Counter)
        for tally in (tally for key, tally in self.scopes.items() if key[-1] in scopes):
            for check, count in tally.checks.items():
                total[check].update(count)
        return {check: Counts(**count) for check, count in total.items()}


@dataclass(frozen=True)
class Adding:
    """One asset on its way into the counts."""

    tally: ScopeTally
    worth: Worth
    facts: Mapping[str, CheckFacts]
    criticality: int

    def times(self, count: int = 1) -> None:
        """Count it so many times."""
        tally = self.tally
        tally.assets += count
        for check, (bucket, _) in self.worth.items():
            tally.checks[check][bucket] += count
        scored = {check: bucket for check, (bucket, _) in self.worth.items() if self._is_scored(check)}
        for control, state in control_states(scored, self.facts).items():
            tally.controls[control][state] += count
        found = set(scored.values())
        if found & {"healthy", "unhealthy"}:
            tally.scored += count
        elif "mitigated" in found:
            tally.mitigated += count
        tally.shapes[self._shape()] += count

    def _is_scored(self, check: str) -> bool:
        facts = self.facts.get(check)
        return facts is not None and facts.control is not None and not facts.is_preview

    def _shape(self) -> RiskShape:
        counted = [
            pair for check, pair in self.worth.items() if not (check in self.facts and self.facts[check].is_preview)
        ]
        judged = any(bucket in JUDGED for bucket, _ in counted)
        return RiskShape(self.criticality, judged, _ranked(counted, "unhealthy"), _ranked(counted, "unknown"))


def control_states(scored: Mapping[str, str], facts: Mapping[str, CheckFacts]) -> dict[str, str]:
    """Return score control -> state of an asset in it, from where its scored verdicts are counted."""
    states: dict[str, set[str]] = defaultdict(set)
    for check, bucket in scored.items():
        control = facts[check].control
        if control is not None and bucket != DISABLED:
            states[control].add(IN_CONTROL.get(bucket, bucket))
    return {control: next(state for state in ORDER if state in found) for control, found in states.items()}


def _ranked(counted: Iterable[tuple[str, int]], wanted: str) -> tuple[int, int, int, int]:
    numbers = Counter(rank for bucket, rank in counted if bucket == wanted)
    critical, high, medium, low = (numbers[rank] for rank in RANKS)
    return critical, high, medium, low


def _scope_score(key: ScopeKey, tally: ScopeTally) -> ScopeScore:
    source, provider, scope = key
    controls = tuple(
        ControlCounts(control, *(count[state] for state in CONTROL_STATES))
        for control, count in sorted(tally.controls.items())
        if any(count.values())
    )
    return ScopeScore(
        scope=scope,
        provider=provider,
        source=source,
        name=scope,
        assets=tally.assets,
        scored_assets=tally.scored,
        mitigated_assets=tally.mitigated,
        controls=controls,
    )
