"""The risk of a target over all that leads to it: several independent ways are likelier than one.

Ways that share a place depend on each other, so that only representatives count of which no two meet between their
ends: the likeliest first, greedily.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from poise.attackpaths.path import AttackPath
from poise.attackpaths.priors import Priors


def target_risks(paths: Iterable[AttackPath], priors: Priors) -> Mapping[str, float]:
    """Return node -> risk of 100, for every target."""
    ending: dict[str, list[AttackPath]] = defaultdict(list)
    for path in paths:
        for node in path.stages[-1].nodes:
            ending[node].append(path)
    return {node: _risk(ones, priors) for node, ones in ending.items()}


def _risk(paths: Sequence[AttackPath], priors: Priors) -> float:
    missed = 1.0
    for path in disjoint(paths):
        missed *= 1 - path.chance
    weight = max(priors.targets[path.signature.target] for path in paths)
    return round(100 * (1 - missed) * weight, 2)


def disjoint(paths: Iterable[AttackPath]) -> tuple[AttackPath, ...]:
    """Return the likeliest paths of which no two share a place between their ends."""
    chosen, used = [], set[str]()
    for path in sorted(paths, key=lambda one: (-one.chance, one.id)):
        inner = {stage.state.node for stage in path.stages[1:-1]}
        if not inner & used:
            chosen.append(path)
            used |= inner
    return tuple(chosen)
