"""What users and roles of AWS may do to assets, after all policies: only the actions that matter are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from poise.graph.asked import ASKED, Wanted
from poise.graph.candidates import Candidates
from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.ignored import IGNORED_BY_RIGHTS
from poise.graph.judging import Standing, is_blind, standing
from poise.graph.keys import KeysOf
from poise.graph.sides import Actor, Asking, Held, account_node, actors_of, asking_of, held_of
from poise.model.asset import Asset
from poise.model.aws.kms import KmsKey
from poise.model.graph import Capability, Edge, EdgeKind, EdgeState, Evidence
from poise.policy.answer import Answer, Decision
from poise.policy.aws.data_keys import key_answer, key_of, use_of
from poise.policy.outcome import all_answers

Key = tuple[Capability | None, Standing]
Allowed = Mapping[Key, list[tuple[str, Answer]]]


def find(estate: Estate) -> Found:
    """Yield an edge for each principal, asset, capability and state."""
    asking = asking_of(estate)
    actors = actors_of(estate)
    for actor in actors:
        yield from _blind(estate, actor)
    for kind, wanted in ASKED.items():
        targets = [held_of(estate, one) for one in estate.of(kind) if not _is_of_service(one)]
        if not targets:
            continue
        candidates = Candidates(targets)
        for actor in actors:
            yield from _of_actor(asking, actor, wanted, candidates)


def _of_actor(asking: Asking, actor: Actor, wanted: Sequence[Wanted], candidates: Candidates) -> Iterator[Edge]:
    found: dict[str, dict[Key, list[tuple[str, Answer]]]] = defaultdict(lambda: defaultdict(list))
    held_by_id: dict[str, Held] = {}
    for one in wanted:
        for held in candidates.of(actor, one.action):
            if held.asset.id == actor.id:
                continue
            answer = asking.answer(actor, one.action, held)
            if answer.decision is Decision.DENY or (is_blind(answer) and not actor.is_readable):
                continue
            answer = _with_key(asking, actor, one.action, held, answer)
            stands = standing(answer)
            if stands is not None:
                held_by_id[held.asset.id] = held
                found[held.asset.id][one.capability, stands].append((one.action, answer))
    for id, allowed in found.items():
        yield from _edges(actor, held_by_id[id], allowed)


def _with_key(asking: Asking, actor: Actor, action: str, held: Held, answer: Answer) -> Answer:
    """Take the key into account that an asset is encrypted with, as far as the caller cannot choose another.

    An object that was written before its bucket had the key may be open all the same. Nothing that is read tells of
    such objects, and an edge for each bucket that once had another key would be noise: they are left out.
    """
    use = use_of(held.asset, action)
    if use is None or use.is_callers_choice:
        return answer
    keys = KeysOf(asking, actor)
    key = key_of(held.asset, use, keys)
    if key is None:
        return answer
    return all_answers((answer, key_answer(key, use, held.asset, actor.side.caller, keys)))


def _edges(actor: Actor, held: Held, allowed: Allowed) -> Iterator[Edge]:
    pointer = actor.pointer(held.holding)
    for (capability, stands), answers in allowed.items():
        yield Edge(
            source=actor.id,
            target=held.asset.id,
            kind=EdgeKind.HAS_PERMISSION,
            state=stands.state,
            condition=stands.condition,
            capability=capability,
            actions=tuple(sorted(action for action, _ in answers)),
            evidence=pointer.evidence(reason for _, answer in answers for reason in answer.because),
        )


def _blind(estate: Estate, actor: Actor) -> Iterator[Edge]:
    """Tell once that a policy of a principal was not read: it may allow anything in the account."""
    gaps = [one for one in actor.side.identity if not one.policy.is_readable]
    if not gaps:
        return
    texts = [f"{one.name} ({'; '.join(one.policy.problems)})" for one in gaps]
    yield Edge(
        source=actor.id,
        target=account_node(estate, actor.scope, actor.id),
        kind=EdgeKind.HAS_PERMISSION,
        state=EdgeState.UNKNOWN,
        condition=f"not read: {'; '.join(texts)}",
        evidence=tuple(Evidence(asset=actor.id, field="attached_policies", says=text) for text in texts),
    )


def _is_of_service(asset: Asset) -> bool:
    return isinstance(asset, KmsKey) and read(asset, "manager") == "AWS"


FAMILY = Family(Width.PROVIDER, find, "aws", IGNORED_BY_RIGHTS)
