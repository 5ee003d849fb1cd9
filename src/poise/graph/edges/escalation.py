"""Which principal of AWS can act as which other, or take over what: rows of the escalation catalogue, bound to assets.

Every action of a row must be allowed, each on the asset that it is about: a role that is passed must trust the
service and `iam:PassedToService` must let it go there, a policy must be attached to the principal itself, a function
must be there. Administrators are left out, as they have all that a row could win. Rows that only remove an obstacle,
and rows about kinds that are not collected, give no edge.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.edges.administration import administers
from poise.graph.estate import Estate
from poise.graph.family import Family, Found, Width
from poise.graph.ignored import IGNORED_BY_ESCALATIONS
from poise.graph.judging import both, is_blind, standing
from poise.graph.row_table import BOUND
from poise.graph.rows import Bound, Way
from poise.graph.sides import Actor, actors_of
from poise.model.graph import Edge, EdgeKind, Evidence
from poise.policy.answer import Decision
from poise.policy.as_read import as_far_as_read
from poise.policy.aws.escalation import Escalation, catalogue


def find(estate: Estate) -> Found:
    """Yield an edge for each principal, row and asset."""
    rows = [row for row in catalogue() if row.id in BOUND]
    for actor in actors_of(estate):
        if _has_all(estate, actor):
            continue
        for row in rows:
            if all(actor.may_ask(action) for action in row.actions):
                yield from _of_row(estate, actor, row, BOUND[row.id])


def _has_all(estate: Estate, actor: Actor) -> bool:
    """Say whether an actor administers its account already, as far as was read: then no row adds to that."""
    answer = administers(estate, actor)
    return answer is not None and as_far_as_read(answer)[0] is Decision.ALLOW


def _of_row(estate: Estate, actor: Actor, row: Escalation, bound: Bound) -> Iterator[Edge]:
    for way in bound(estate, actor, row):
        if way.answer.decision is Decision.DENY or is_blind(way.answer) or way.target == actor.id:
            continue
        yield from _edge(actor, row, way)


def _edge(actor: Actor, row: Escalation, way: Way) -> Iterator[Edge]:
    stands = standing(way.whole)
    if stands is not None:
        stands = both(stands, way.besides)
        yield Edge(
            source=actor.id,
            target=way.target,
            kind=EdgeKind.CAN_ESCALATE_TO,
            state=stands.state,
            condition=stands.condition,
            actions=row.actions,
            capability=way.capability,
            rule=row.id,
            evidence=(*way.evidence, *_exempt(actor)),
        )


def _exempt(actor: Actor) -> Iterator[Evidence]:
    """Yield what tells that no guardrail of the organization holds an actor back."""
    if actor.side.caller.is_service_linked:
        says = "a service-linked role: no service or resource control policy acts on it"
        yield Evidence(asset=actor.id, field="path", says=says)


FAMILY = Family(Width.PROVIDER, find, "aws", IGNORED_BY_ESCALATIONS)
