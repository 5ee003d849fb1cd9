"""Runs the engine over what was collected, giving it what the store remembers."""

from __future__ import annotations

from collections.abc import Iterator

from poise.app.workspace import Workspace
from poise.assess.engine import Judge
from poise.model.asset import Asset
from poise.model.judged import Judged, Phase, ScopePass
from poise.model.kinds import by_kind, scope_kinds
from poise.model.listing import Collected


def judge_partition(workspace: Workspace, judge: Judge, collected: Collected) -> list[Judged]:
    """Judge the assets of a partition by themselves; those whose verdicts still stand are left out."""
    stored = workspace.store.verdicts.partition_keys(collected.key)
    judged = (judge.own(asset, stored.get(asset.id)) for asset in collected.assets)
    return [one for one in judged if one is not None]


def judge_neighbours(workspace: Workspace, where: ScopePass, provider: str) -> int:
    """Run the checks that ask about neighbours over a scope; return how many verdicts were given anew."""
    store = workspace.store
    unlisted = _unlisted(workspace, where)
    decided = workspace.judge(unlisted=_absent(workspace, where) | unlisted).decided(where.scope)
    if store.standing.holds(where, decided):
        return 0
    judge = workspace.judge(store.inventory(where.source), unlisted)
    judged = list(_judged_again(workspace, judge, where, provider))
    store.verdicts.write(where, judged)
    if judge.asked_scopes <= {where.scope}:
        # What is kept is about the scope's own assets: a pass that asked about another scope's is run each time.
        store.standing.record(where, decided)
    return sum(len(one.verdicts) for one in judged)


def _judged_again(workspace: Workspace, judge: Judge, where: ScopePass, provider: str) -> Iterator[Judged]:
    stored = workspace.store.verdicts.keys(where)
    for asset in _assets(workspace, judge, where, provider):
        one = judge.neighbours(asset, stored.get(asset.id))
        if one is not None:
            yield one


def _assets(workspace: Workspace, judge: Judge, where: ScopePass, provider: str) -> Iterator[Asset]:
    """Yield the assets that may have verdicts of the second phase: of judged kinds, and the scope's own."""
    kinds = {kind for kind in by_kind() if judge.has_rules(kind, Phase.NEIGHBOURS)} | scope_kinds(provider)
    yield from workspace.store.assets.load(where.source, (where.scope,), sorted(kinds))


def _absent(workspace: Workspace, where: ScopePass) -> dict[tuple[str, str], str]:
    absences = workspace.store.scans.absences(where.source)
    return {key: reason for key, reason in absences.items() if key[1] == where.scope}


def _unlisted(workspace: Workspace, where: ScopePass) -> dict[tuple[str, str], str]:
    problems = workspace.store.scans.listing_problems(where.source)
    return {key: reason for key, reason in problems.items() if key[1] == where.scope}
