"""Rows of the escalation catalogue of AWS that read a disk or database through a shared snapshot of it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.edges.takeover import shared
from poise.graph.estate import Estate
from poise.graph.rows import Bound, Way, asker_of
from poise.graph.sides import Actor, asking_of
from poise.model.aws.ec2 import EbsVolume
from poise.model.aws.rds import RdsInstance
from poise.model.graph import Capability
from poise.policy.answer import Decision
from poise.policy.aws.escalation import Escalation
from poise.policy.outcome import all_answers


def sharing(kind: type[RdsInstance | EbsVolume], copy: str) -> Bound:
    """Bind a row to the assets of a kind in the account; the snapshot has the key of the asset.

    ``copy`` is the action that makes a copy of the snapshot under another key.
    """

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for asset in estate.of(kind):
            if asset.scope != actor.scope:
                continue
            answers = [asker.may(action, asset.id) for action in row.actions]
            if all_answers(answers).decision is not Decision.DENY:
                answers.append(shared(asking_of(estate), actor, asset, asker.may(copy, asset.id)))
            yield asker.way(asset.id, Capability.READ, answers)

    return bound
