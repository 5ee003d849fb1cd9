"""Which users and roles of AWS administer their account: every action on everything, after boundary and guardrails."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate
from poise.graph.family import Family, Found, Width
from poise.graph.ignored import IGNORED_BY_RIGHTS
from poise.graph.judging import is_blind, standing
from poise.graph.sides import Actor, account_node, actors_of
from poise.model.errors import NotCollected
from poise.model.graph import Capability, Edge, EdgeKind
from poise.policy.answer import Answer
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.grants import WIDENING
from poise.policy.aws.principal import documents_of
from poise.policy.outcome import all_answers, answer_of, truth_of
from poise.policy.residual import any_of

EVERYTHING = "*"


def find(estate: Estate) -> Found:
    """Yield an edge from each administrator to its account."""
    for actor in actors_of(estate):
        answer = administers(estate, actor)
        if answer is not None:
            yield from _edge(actor, answer, account_node(estate, actor.scope, actor.id))


def administers(estate: Estate, actor: Actor) -> Answer | None:
    """Return whether an actor administers its account; None where its policies were not read."""
    known: dict[object, Answer | None] = estate.once("administrators", dict)
    if actor.group not in known:
        known[actor.group] = _answer(actor, estate)
    return known[actor.group]


def _edge(actor: Actor, answer: Answer, account: str) -> Iterator[Edge]:
    stands = None if is_blind(answer) else standing(answer)
    if stands is not None:
        yield Edge(
            source=actor.id,
            target=account,
            kind=EdgeKind.HAS_PERMISSION,
            state=stands.state,
            condition=stands.condition,
            actions=(EVERYTHING,),
            capability=Capability.ADMIN,
            evidence=actor.pointer().evidence(answer.because),
        )


def _answer(actor: Actor, estate: Estate) -> Answer | None:
    """Return whether it is an administrator; None where its policies were not read, which another edge tells."""
    try:
        own = documents_of(actor.principal, estate.inventory).is_admin()
    except NotCollected:
        return None
    if actor.session is None and (actor.side.scps is None or actor.side.caller.is_service_linked):
        return own
    return all_answers((own, _left(actor)))


def _left(actor: Actor) -> Answer:
    """Return whether the guardrails leave one of the actions by which an administrator gives itself everything."""
    side = actor.side
    inputs = Inputs(identity=side.identity, boundary=side.boundary, session=side.session, scps=side.scps)
    answers = [
        evaluate(Request(caller=actor.side.caller, action=one, resource="*", owner=actor.scope), inputs)
        for one in WIDENING
    ]
    truth = any_of(truth_of(one) for one in answers)
    return answer_of(truth, tuple(dict.fromkeys(reason for one in answers for reason in one.because)))


FAMILY = Family(Width.PROVIDER, find, "aws", IGNORED_BY_RIGHTS)
