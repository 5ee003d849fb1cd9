"""Whether a statement is about a request: action, resource and conditions, in three values.

The asked action and resource may be patterns. Then a statement that is about all of them answers yes, one
that is about none no, and one that is about some leaves a condition: "resource is one of ...".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from poise.policy import globs
from poise.policy.aws.context import Context, expand
from poise.policy.aws.document import Statement
from poise.policy.aws.operators import holds
from poise.policy.residual import Truth, all_of, any_of, condition, negate, unread


class Question(msgspec.Struct, frozen=True):
    """An action on a resource in a situation."""

    action: str
    """Action or pattern, in lower case."""
    resource: str
    """ARN or pattern; `*` is every resource, and what actions without resource types ask for."""
    context: Context
    """What is known of the request."""
    written: str = ""
    """The action as whoever asked wrote it; empty if in lower case."""

    @property
    def shown(self) -> str:
        """The action for a person."""
        return self.written or self.action

    @classmethod
    def of(cls, action: str, resource: str, context: Context | None = None) -> Question:
        """Make a question; the action may be in any case."""
        return cls(action.lower(), resource, context or Context({}), action)


class Some(msgspec.Struct, frozen=True):
    """The test of a residual: only some of the asked actions or resources are meant."""

    what: str
    """`action` or `resource`."""
    pattern: str


def applies(statement: Statement, question: Question) -> Truth:
    """Say whether a statement is about a question, its principals left aside."""
    return all_of(_parts(statement, question))


def is_about_action(statement: Statement, action: str) -> bool:
    """Say whether a statement can be about an action or any of a pattern, given in lower case."""
    return _action(statement, action) is not False


def _parts(statement: Statement, question: Question) -> Iterator[Truth]:
    about = _action(statement, question.action)
    yield about
    if about is False:
        return
    if statement.problem:
        yield unread(f"{statement.effect or 'effect'} of {statement.place}", statement.problem)
        return
    yield _resource(statement, question)
    for one in statement.conditions:
        yield holds(one, question.context, variables=statement.variables)


def _action(statement: Statement, action: str) -> Truth:
    if statement.actions is not None:
        return any_of(_covered("action", pattern, action) for pattern in statement.actions)
    if statement.not_actions is None:
        return True
    return negate(any_of(_covered("action", pattern, action) for pattern in statement.not_actions))


def _resource(statement: Statement, question: Question) -> Truth:
    if statement.resources is not None:
        return any_of(_resources(statement.resources, statement, question))
    if statement.not_resources is None:
        return True
    return negate(any_of(_resources(statement.not_resources, statement, question)))


def _resources(patterns: Iterable[str], statement: Statement, question: Question) -> Iterator[Truth]:
    for pattern in patterns:
        text = expand(pattern, question.context, variables=statement.variables)
        if isinstance(text, str):
            yield _covered("resource", text, question.resource)
        elif text is None:
            yield condition(f"resource is {pattern}", Some("resource", pattern))
        else:
            yield False


def _covered(what: str, pattern: str, asked: str) -> Truth:
    if globs.covers(pattern, asked):
        return True
    if globs.is_wild(asked) and globs.overlaps(pattern, asked):
        return condition(f"{what} is {pattern}", Some(what, pattern))
    return False
