"""Escalations: ways in which permissions lead to more permissions, from a catalogue of data.

A row fires if **all** its actions are allowed, each judged with every layer that the asker knows (boundary
and guardrails included). A row that cannot be judged because an input was not read comes out as `unknown`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

import msgspec

from poise.model.errors import BadInput
from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.aws.callers import Caller, CallerKind
from poise.policy.aws.context import Context
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.grants import ask
from poise.policy.aws.matching import Question
from poise.policy.aws.outcome import all_answers, any_answers
from poise.policy.aws.sources import Documents, sources_of
from poise.policy.aws.votes import Sources
from poise.policy.catalogue import Result

PASS_ROLE = "iam:passrole"  # noqa: S105  # an action, not a password
PASSED_TO = "iam:passedtoservice"
FOLDER = "poise.policy.aws.escalations"


class Escalation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the catalogue."""

    id: str
    title: str
    result: Result
    technique: str
    """ATT&CK technique."""
    actions: tuple[str, ...]
    """All are needed."""
    positive: tuple[str, ...]
    """Example: actions that, granted on everything, make it fire."""
    negative: tuple[str, ...]
    """Example: actions that, granted on everything, do not."""
    passes_to: tuple[str, ...] = ()
    """Services of which one gets the role, as `iam:PassedToService` names them."""
    trusted: tuple[str, ...] = ()
    """Services of which the role must trust one; empty: the same as ``passes_to``."""
    needs: tuple[str, ...] = ()
    """What must be there besides, as a person reads it."""
    paths: tuple[str, ...] = ()
    """Ids of the same path in the public index at pathfinding.cloud."""


class Found(msgspec.Struct, frozen=True):
    """A row that fires, or cannot be ruled out."""

    escalation: Escalation
    answer: Answer


Ask = Callable[[str, Mapping[str, str]], Answer]
"""Answers whether the principal may do an action, given values of condition keys."""


@cache
def catalogue() -> tuple[Escalation, ...]:
    """Return all rows, by id. Raises BadInput naming the file of a row that is malformed."""
    rows: list[Escalation] = []
    for file in resources.files(FOLDER).iterdir():
        if file.name.endswith(".toml"):
            try:
                content = tomllib.loads(file.read_text(encoding="utf-8"))
                rows += msgspec.convert(content["escalation"], list[Escalation])
            except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError) as problem:
                raise BadInput(f"{file.name} of the escalation catalogue: {problem}") from problem
    return tuple(sorted(rows, key=lambda row: row.id))


def escalations_of(documents: Documents) -> tuple[Found, ...]:
    """Return the escalations that identity policies alone make possible."""
    sources = sources_of(documents)
    return tuple(escalations(lambda action, context: ask(sources, Question.of(action, "*", Context.of(context)))))


def escalations_for(caller: Caller, inputs: Inputs) -> tuple[Found, ...]:
    """Return the escalations of a caller in its own account, all layers on its side taken into account.

    Assets are asked for as a whole (`*`): binding a row to a role, function or key is up to the graph.
    """

    def may(action: str, context: Mapping[str, str]) -> Answer:
        if is_out_of_question(caller, action, inputs.identity):
            return Answer(Decision.DENY, (Reason(f"no statement of the identity policies is about {action}"),))
        return evaluate(
            Request(caller=caller, action=action, resource="*", owner=caller.account, context=context), inputs
        )

    return tuple(escalations(may))


def is_out_of_question(caller: Caller, action: str, identity: Sources) -> bool:
    """Say whether no identity policy of the caller is about an action at all."""
    if isinstance(identity, Unread) or caller.kind is CallerKind.ROOT:
        return False
    return not any(not s.policy.is_readable or s.policy.about(action.lower()) for s in identity)


def escalations(may: Ask, rows: Iterable[Escalation] | None = None) -> Iterator[Found]:
    """Yield the escalations of a principal whose permissions ``may`` answers.

    Each distinct question is asked once.
    """
    known: dict[tuple[str, str], Answer] = {}

    def answer(action: str, service: str = "") -> Answer:
        key = action.lower(), service
        if key not in known:
            known[key] = may(action, {PASSED_TO: service} if service else {})
        return known[key]

    for row in catalogue() if rows is None else rows:
        found = _judge(row, answer)
        if found.decision is not Decision.DENY:
            yield Found(row, found)


def _judge(row: Escalation, answer: Callable[..., Answer]) -> Answer:
    answers: list[Answer] = []
    for action in row.actions:
        passing = action.lower() == PASS_ROLE and row.passes_to
        one = any_answers([answer(action, s) for s in row.passes_to]) if passing else answer(action)
        if one.decision is Decision.DENY:
            return one
        answers.append(one)
    return all_answers(answers)
