"""Assets that are marked by hand as critical or sensitive: beside what tags, names and the settings say of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from poise.app import queries
from poise.app.workspace import Workspace
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree, Marks, RiskRules
from poise.store import Deed


def risk_rules_of(workspace: Workspace) -> RiskRules:
    """Return the rules of risk that are set, with the assets that are marked by hand over them."""
    rules = workspace.choices.risk
    marks = workspace.store.marks.all()
    if not marks:
        return rules
    changed = {topic.value: _with(getattr(rules, topic.value), topic, marks) for topic in Topic}
    return msgspec.structs.replace(rules, **changed)


def mark(workspace: Workspace, wanted: Mark) -> None:
    """Mark an asset; its risks are judged with it at once. Raises :class:`UsageError` if there is no such asset."""
    found = queries.asset(workspace, wanted.asset_id)
    made = msgspec.structs.replace(wanted, asset_id=found.row.asset.id, at=workspace.clock())
    detail = {"topic": wanted.topic.value, "degree": wanted.degree, "reason": wanted.reason}
    workspace.store.marks.put(made, Deed(wanted.by, "asset marked", made.asset_id, detail))
    _judge_again(workspace, found.row.source, found.row.asset.scope)


def unmark(workspace: Workspace, asset_id: str, topic: Topic, by: str) -> bool:
    """Take a mark away; return whether there was one. Raises :class:`UsageError` if there is no such asset."""
    found = queries.asset(workspace, asset_id)
    deed = Deed(by, "mark removed", found.row.asset.id, {"topic": topic.value})
    was_there = workspace.store.marks.remove(found.row.asset.id, topic, deed)
    _judge_again(workspace, found.row.source, found.row.asset.scope)
    return was_there


def _with(rules: Marks, topic: Topic, marks: Mapping[tuple[str, Topic], Mark]) -> Marks:
    by_hand = {id: Degree(one.degree) for (id, of), one in marks.items() if of is topic}
    return msgspec.structs.replace(rules, assets={**rules.assets, **by_hand})


def _judge_again(workspace: Workspace, source: str, scope: str) -> None:
    from poise.app.risks import judge_risks
    from poise.model.judged import ScopePass

    judge_risks(workspace, ScopePass(source=source, scope=scope))
