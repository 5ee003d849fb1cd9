"""The few fixes that take away most: chosen greedily by the risk that goes, each proven before the next is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from poise.attackpaths.analysis import Analysis
from poise.attackpaths.fix import Change, Ground
from poise.attackpaths.path import AttackPath
from poise.attackpaths.proposing import Proposal, proposals
from poise.attackpaths.proving import Outcome, Prover

MOST_TRIED = 12
"""Candidates that are proven before one is chosen."""


class Chosen(msgspec.Struct, frozen=True):
    """One of the best fixes, with what it does after those before it."""

    proposal: Proposal
    outcome: Outcome


def best_fixes(prover: Prover, ground: Ground, most: int = 5) -> tuple[Chosen, ...]:
    """Return the fixes that together take away most risk, in order; each counts on top of those before it."""
    chosen: list[Chosen] = []
    done: list[Change] = []
    left: Sequence[AttackPath] = prover.found.paths
    while left and len(chosen) < most:
        best = _best(prover, ground, done, left)
        if best is None:
            break
        chosen.append(best)
        done += best.proposal.changes
        left = best.outcome.left
    return tuple(chosen)


def _best(prover: Prover, ground: Ground, done: list[Change], left: Sequence[AttackPath]) -> Chosen | None:
    before = sum(path.risk for path in left)
    found: list[tuple[float, float, Chosen]] = []
    for weight, proposal in _candidates(ground, prover.found, left):
        if found and weight < -min(found, key=lambda one: one[:2])[0]:
            break
        if any(change.before.id == one.before.id for change in proposal.changes for one in done):
            continue
        outcome = prover.try_out([*done, *proposal.changes], left)
        gain = before - sum(path.risk for path in outcome.left)
        if gain > 0 and not outcome.opened:
            found.append((-gain, proposal.effort, Chosen(proposal, outcome)))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _candidates(ground: Ground, found: Analysis, left: Sequence[AttackPath]) -> Iterator[tuple[float, Proposal]]:
    """Yield the proposals that touch most risk first, with the risk that they touch: hardly one takes away more."""
    weight: dict[tuple[str, ...], float] = {}
    known: dict[tuple[str, ...], Proposal] = {}
    for path in left:
        for proposal in proposals(ground, found, path):
            known[proposal.key] = proposal
            weight[proposal.key] = weight.get(proposal.key, 0.0) + path.risk
    for key in sorted(weight, key=lambda one: (-weight[one], known[one].effort, one))[:MOST_TRIED]:
        yield weight[key], known[key]
