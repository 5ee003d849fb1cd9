"""The rules of risk that hold: those that are set, with the assets that are marked by hand over them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from poise.app.workspace import Workspace
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree, Marks, RiskRules


def risk_rules_of(workspace: Workspace) -> RiskRules:
    """Return the rules of risk that are set, with the assets that are marked by hand over them."""
    return with_marks(workspace, workspace.choices.risk)


def with_marks(workspace: Workspace, rules: RiskRules) -> RiskRules:
    """Return rules of risk with the assets that are marked by hand over them."""
    marks = workspace.store.marks.all()
    if not marks:
        return rules
    changed = {topic.value: _with(getattr(rules, topic.value), topic, marks) for topic in Topic}
    return msgspec.structs.replace(rules, **changed)


def _with(rules: Marks, topic: Topic, marks: Mapping[tuple[str, Topic], Mark]) -> Marks:
    by_hand = {id: Degree(one.degree) for (id, of), one in marks.items() if of is topic}
    return msgspec.structs.replace(rules, assets={**rules.assets, **by_hand})
