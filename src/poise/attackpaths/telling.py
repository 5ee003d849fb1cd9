"""Attack paths as people read them and scripts get them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from poise.attackpaths.catalog import rules
from poise.attackpaths.choking import single_points
from poise.attackpaths.facts import Facts
from poise.attackpaths.path import AttackPath, Stage
from poise.attackpaths.steps import State, Taken
from poise.model.graph import EdgeState

Json = dict[str, Any]
HOLDS = {
    EdgeState.CERTAIN: "",
    EdgeState.CONDITIONAL: " Only if {condition}.",
    EdgeState.UNKNOWN: " It is not known, because of what was not read: {condition}.",
}


def sentence(facts: Facts, taken: Taken) -> str:
    """Return one step in words, with the condition under which it holds."""
    step = taken.step
    names = {"source": facts.name(step.source.node), "target": facts.name(step.target.node)}
    told = rules()[taken.rule].story.format(**names, detail=step.detail or "what it is given").replace(" ()", "")
    return told + (HOLDS[step.state].format(condition=step.condition) if step.condition else "")


def path_json(facts: Facts, path: AttackPath) -> Json:
    """Return a finding; fields are added freely and never renamed."""
    return {
        "id": path.id,
        "title": path.title,
        "risk": {"level": path.level.value, "points": path.risk, "factors": _factors(path)},
        "entry": _end(facts, path.stages[0], path.signature.entry),
        "target": _end(facts, path.stages[-1], path.signature.target),
        "steps": [step_json(facts, taken) for taken in path.steps],
        "sides": [[step_json(facts, taken) for taken in side] for side in path.sides],
        "count": path.count,
        "state": path.state.value,
        "choke_points": [_node(facts, node) for node in single_points(path)],
        "members": [[_node(facts, node) for node in stage.nodes[:MOST_MEMBERS]] for stage in path.stages],
        "member_counts": [len(stage.nodes) for stage in path.stages],
        "scopes": list(path.places.crossed),
        "pivot": path.signature.pivot,
    }


MOST_MEMBERS = 50
"""Nodes of a stage that are named."""


def step_json(facts: Facts, taken: Taken) -> Json:
    """Return one step."""
    step = taken.step
    return {
        "from": step.source.node,
        "to": step.target.node,
        "from_name": facts.name(step.source.node),
        "to_name": facts.name(step.target.node),
        "rule": taken.sign,
        "technique": step.technique or rules()[taken.rule].technique,
        "title": rules()[taken.rule].title,
        "story": sentence(facts, taken),
        "state": step.state.value,
        "condition": step.condition,
        "gains": step.target.capability.value,
        "counts": not step.is_free,
        "evidence": [msgspec.to_builtins(one) for one in step.evidence],
    }


def _factors(path: AttackPath) -> list[Json]:
    return [
        {"name": "chance", "value": round(path.chance, 4), "because": "what each step is likely to succeed with"},
        {"name": "target", "value": path.signature.target, "because": "the weight of what is reached"},
    ]


def _end(facts: Facts, stage: Stage, kind: str) -> Json:
    return {**_node(facts, stage.state.node), "class": kind, "nodes": len(stage.nodes)}


def _node(facts: Facts, node: str) -> Json:
    return {"id": node, "name": facts.name(node), "kind": facts.kind(node), "scope": facts.scope(node)}


def state_text(facts: Facts, state: State) -> str:
    """Return a state in a few words."""
    return f"{state.capability.value} {facts.name(state.node)}"


def named(path: Mapping[str, Any]) -> str:
    """Return where a stored finding starts and ends."""
    return f"{path['entry']['name']} to {path['target']['name']}"
